internal import Experiments
internal import Reporting

/// Tells a training to the user: a bar that moves with every step, and a line an epoch where it cannot move.
final class TrainingReport: TrainingObserver {
    private let session: Session
    private var bar: ProgressBar?
    private var plan: TrainingPlan?
    private var sent: Int?

    private let experiment: Experiment
    private let isQuiet: Bool

    /// - Parameters:
    ///   - experiment: that trains; nil for the session's.
    ///   - isQuiet: no lines, only the bar.
    init(_ session: Session, of experiment: Experiment? = nil, isQuiet: Bool = false) {
        self.session = session
        self.experiment = experiment ?? session.experiment
        self.isQuiet = isQuiet
    }

    func receive(_ event: TrainingEvent) {
        session.cell?.receive(event)
        switch event {
        case .began(let plan): begin(plan)
        case .step(let step): update(step)
        case .epoch(let epoch): end(epoch)
        case .evaluated(let record):
            say("epoch \((record.epoch ?? 0) + 1)  \(record.part.rawValue)  \(record.figures)")
        case .checkpoint: break
        case .ended:
            bar?.clear()
            if let sent { say("\(Self.size(sent)) a step left the first process") }
        }
    }

    func notice(_ line: String) { say(line) }

    func clear() { bar?.clear() }

    private func begin(_ plan: TrainingPlan) {
        self.plan = plan
        let from = plan.start == TrainingPosition(epoch: 0, step: 0) ? "" : ", from epoch \(plan.start.epoch + 1) step \(plan.start.step + 1)"
        say("run \(plan.run)")
        say(
            "train  \(grouped(plan.trainableParameters)) parameters, \(grouped(plan.images)) images of \(grouped(plan.classes)) classes, "
                + "\(plan.epochs) epochs x \(plan.stepsPerEpoch) steps of \(plan.batch)\(from), about \(Self.size(plan.memoryEstimate))"
                + roughTime(of: plan))
        let specification = experiment.specification
        if specification.provenance["optim.proxy-lr"] != nil, specification.loss.proxiesPerClass == 0 {
            say("proxy-lr counts for nothing: `loss \(specification.loss.name)` has no proxies")
        }
        if let processes = plan.processes { say(Self.sharing(plan, processes)) }
        if let bytes = plan.bankBytes { say("class prompts on disk, up to \(Self.size(bytes)) for each state") }
        if let bytes = plan.asideBytes { say("what enters the network's blocks waits in a temporary file, up to \(Self.size(bytes))") }
        guard let terminal = session.output.progress else { return }
        if let remark = experiment.productRemark { say("note: \(remark)") }
        bar = ProgressBar("train", total: plan.steps, unit: "steps", items: (plan.batch, "images"), terminal: terminal)
        bar?.update(done: plan.start.epoch * plan.stepsPerEpoch + plan.start.step)
    }

    /// For a training that is worth a moment of measuring; in a sweep the table shows the times.
    private func roughTime(of plan: TrainingPlan) -> String {
        guard plan.steps >= 200, session.cell == nil, let estimate = try? experiment.trainingEstimate() else { return "" }
        return ", roughly \(TrainingEstimate.rough(estimate.secondsPerEpoch)) an epoch"
    }

    /// Processes that have nothing to do are said to.
    private static func sharing(_ plan: TrainingPlan, _ processes: Int) -> String {
        let pieces = (plan.batch + plan.microBatch - 1) / plan.microBatch
        let text = "\(processes) processes share \(pieces) micro-batches of \(plan.microBatch) images a step"
        guard pieces < processes else { return text }
        return text + ": \(processes - pieces) of them have nothing to do; micro-batch=\(max(1, plan.batch / processes)) or fewer processes would help"
    }

    private func update(_ step: StepRecord) {
        sent = step.sent
        guard let plan else { return }
        bar?.update(
            done: step.epoch * plan.stepsPerEpoch + step.step + 1, loss: step.loss, label: "train \(step.epoch + 1)/\(plan.epochs)")
    }

    private func end(_ epoch: EpochRecord) {
        guard let plan else { return }
        let width = "\(plan.epochs)".count
        let number = String(repeating: " ", count: max(0, width - "\(epoch.epoch + 1)".count)) + "\(epoch.epoch + 1)"
        say("epoch \(number)/\(plan.epochs)  loss \(NumberText.fixed(epoch.loss, decimals: 4))  \(NumberText.fixed(epoch.seconds, decimals: 1)) s")
    }

    /// A line of its own: the bar gives way, and comes back with the next step.
    private func say(_ line: String) {
        bar?.clear()
        if !isQuiet { session.say(line) }
    }

    private static func size(_ bytes: Int) -> String {
        if bytes < 1_048_576 { return "\(NumberText.fixed(Double(bytes) / 1024, decimals: 0)) KiB" }
        let mebibytes = Double(bytes) / 1_048_576
        return mebibytes < 10_240 ? "\(NumberText.fixed(mebibytes, decimals: 0)) MiB" : "\(NumberText.fixed(mebibytes / 1024, decimals: 1)) GiB"
    }
}
