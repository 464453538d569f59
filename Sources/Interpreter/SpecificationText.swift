internal import Experiments
internal import VPSAnalysis
internal import VPSSyntax

/// A specification as statements of the language: what `show` prints and `resolved.vps` holds.
///
/// Every value is written, those that nobody set too; run again, the statements give the same specification.
struct SpecificationText {
    private struct Option {
        let name: String
        /// As in a script; nil for a flag that is off or a value that stays open.
        let text: String?
        var isBare = false
    }

    /// With every value written out (``Experiment/resolvedSpecification``).
    let specification: ExperimentSpecification

    /// Commands in the order in which they must run.
    static let commands = ["seed", "threads", "precision", "load", "data", "augment", "prompts", "adapter", "proxies", "head", "tune", "lora", "loss", "optim", "schedule", "track"]

    /// One statement a line, each with where its values came from.
    func script() -> String {
        let lines = Self.commands.compactMap { command in
            statement(command).map { text in text + origins(command).map { "  # " + $0 }.joined() }
        }
        return "vps 1\n" + lines.joined(separator: "\n") + "\n"
    }

    /// The whole record of a run: the settings, and the training.
    func scriptWithTraining() -> String {
        var text = script()
        if let start = specification.startsFrom { text += "restore \(quoted(start))\n" }
        return text + write("train", trainOptions(specification.training)) + origins("train").map { "  # " + $0 }.joined() + "\n"
    }

    /// `optim sgd lr=0.005 …`; nil when nothing of the kind is set.
    func statement(_ command: String) -> String? {
        guard let options = options(command) else { return nil }
        return write(command, options)
    }

    /// Each value with its full name: `optim` for the word after the command, `optim.lr`.
    func values(of command: String) -> [(name: String, text: String)] {
        let options = command == "train" ? trainOptions(specification.training) : options(command) ?? []
        return options.enumerated().compactMap { index, option in
            option.text.map { (index == 0 && option.isBare ? command : "\(command).\(option.name)", option.isBare && index > 0 ? "on" : $0) }
        }
    }

    /// The script with what nobody set in faint letters, for a terminal with colours.
    func faintScript() -> String {
        let (faint, plain) = ("\u{1B}[2m", "\u{1B}[0m")
        let lines = Self.commands.compactMap { command -> String? in
            guard let options = options(command) else { return nil }
            let origin = origins(command).map { "  # " + $0 }.joined()
            let given = specification.provenance.keys.filter { $0.hasPrefix(command + ".") }
            guard !given.isEmpty else { return "\(faint)\(write(command, options))\(origin)\(plain)" }
            // A preset that sets the command names itself there: all of the command is then its.
            let words = options.enumerated().compactMap { index, option in
                option.text.map { text in
                    let word = option.isBare ? text : "\(option.name)=\(text)"
                    let isGiven = index == 0 && option.isBare || given.contains("\(command).\(option.name)") || given.contains { $0.contains(" ") }
                    return isGiven ? word : "\(faint)\(word)\(plain)"
                }
            }
            return ([command] + words).joined(separator: " ") + "\(faint)\(origin)\(plain)"
        }
        return "vps 1\n" + lines.joined(separator: "\n") + "\n"
    }

    private func write(_ command: String, _ options: [Option]) -> String {
        ([command] + options.compactMap { option in
            option.text.map { option.isBare ? $0 : "\(option.name)=\($0)" }
        }).joined(separator: " ")
    }

    /// `script.vps:7: lr, momentum`, lines in order; nothing for a command that nobody gave.
    private func origins(_ command: String) -> [String] {
        let own = specification.provenance.filter { $0.key.hasPrefix(command + ".") }
        guard !own.isEmpty else { return ["default"] }
        let lines = Dictionary(grouping: own) { "\($0.value.source):\($0.value.line)" }
        return [
            lines.sorted { $0.key < $1.key }
                .map { line, values in "\(line): " + values.map { String($0.key.dropFirst(command.count + 1)) }.sorted().joined(separator: ", ") }
                .joined(separator: "; ")
        ]
    }

    // MARK: Values of each command

    private func options(_ command: String) -> [Option]? {
        let spec = specification
        switch command {
        case "seed": return [bare("\(spec.seed)")]
        case "threads": return spec.threads.map { [bare("\($0)")] }
        case "precision":
            let precision = spec.precision ?? .standard
            guard precision.kind == .f32 else { return [bare(precision.kind.rawValue)] }
            return [bare("f32"), Option(name: "products", text: precision.products.rawValue)]
        case "load": return spec.backbone.map(loadOptions)
        case "data": return spec.data.map(dataOptions)
        case "augment": return augmentOptions()
        case "prompts":
            guard spec.prompts.isOn else { return [bare("none")] }
            let options = [Option(name: "where", text: spec.prompts.placement.rawValue)]
            guard spec.prompts.placement == .deep else { return options + [Option(name: "n", text: "\(spec.prompts.count)")] }
            return options + tokens(layers: spec.prompts.layers, count: spec.prompts.count, step: spec.prompts.step)
        case "adapter": return adapterOptions()
        case "lora": return lowRankOptions()
        case "proxies": return proxyOptions()
        case "head":
            guard spec.head.kind == .linear else { return [bare("none")] }
            return [
                Option(name: "dim", text: count(spec.head.dim)), Option(name: "init", text: spec.head.initialization.rawValue),
                Option(name: "norm", text: spec.head.normalization.rawValue),
            ]
        case "tune":
            guard spec.tuning == .fullButPatchEmbedding else { return [bare(spec.tuning.rawValue)] }
            return [bare("full"), Option(name: "freeze", text: "patch-embedding")]
        case "loss":
            return [bare(spec.loss.name)] + spec.loss.settings.map(lossOption)
        case "optim": return optimizerOptions()
        case "schedule": return scheduleOptions()
        case "track": return trackOptions()
        default: return nil
        }
    }

    /// Nil while nobody is told.
    private func trackOptions() -> [Option]? {
        guard let tracking = specification.tracking, tracking.isOn else { return nil }
        let places = [tracking.tensorBoard ? bare("tensorboard") : nil, tracking.mlflow.map { Option(name: "mlflow", text: quoted($0)) }].compactMap { $0 }
        return tracking.mlflow == nil ? places : places + [Option(name: "experiment", text: quoted(tracking.experiment))]
    }

    private func tokens(layers: Int?, count tokens: Int, step: Int) -> [Option] {
        [Option(name: "layers", text: count(layers)), Option(name: "n", text: "\(tokens)"), Option(name: "step", text: "\(step)")]
    }

    private func adapterOptions() -> [Option] {
        guard let adapter = specification.adapter else { return [bare("none")] }
        return [
            bare(adapter.placement.rawValue), Option(name: "layers", text: count(adapter.layers)), Option(name: "dim", text: "\(adapter.dim)"),
            number("scale", adapter.scale), Option(name: "ln", text: adapter.norm.rawValue),
        ]
    }

    private func lowRankOptions() -> [Option] {
        guard let lora = specification.lora else { return [bare("none")] }
        return [
            Option(name: "rank", text: "\(lora.rank)"),
            Option(name: "targets", text: "[" + lora.targets.map(\.rawValue).joined(separator: ", ") + "]"),
            Option(name: "alpha", text: lora.alpha.map(text)), Option(name: "layers", text: count(lora.layers)),
        ]
    }

    private func loadOptions(_ backbone: BackboneSpecification) -> [Option] {
        var options = [bare(backbone.name)]
        if let weights = backbone.weights {
            let isWord = ["far", "near", "random"].contains(weights)
            options.append(Option(name: "weights", text: isWord ? weights : quoted(weights)))
        }
        if let shape = backbone.shape {
            options += [
                Option(name: "image", text: count(shape.image)), Option(name: "patch", text: count(shape.patch)),
                Option(name: "dim", text: count(shape.dim)), Option(name: "depth", text: count(shape.depth)),
                Option(name: "heads", text: count(shape.heads)), Option(name: "mlp-ratio", text: shape.mlpRatio.map(text)),
                Option(name: "activation", text: shape.activation?.rawValue),
            ]
        }
        return options
    }

    private func dataOptions(_ data: DataSpecification) -> [Option] {
        var options = [bare(data.name)]
        if data.isDistorted { options.append(bare("distorted")) }
        if let path = data.path {
            options.append(Option(name: "path", text: quoted(path)))
        }
        if data.name == "folder" {
            switch data.split {
            case .order: options.append(Option(name: "split", text: "order"))
            case .folders: options.append(Option(name: "split", text: "folders"))
            case .list(let train, let test):
                options += [
                    Option(name: "split", text: "list"), Option(name: "train-list", text: quoted(train)),
                    Option(name: "test-list", text: quoted(test)),
                ]
            }
        }
        if data.skipsBad { options.append(bare("skip-bad")) }
        if data.name != "glyphs" { options.append(Option(name: "decode", text: data.decoding?.rawValue ?? "exact")) }
        if let cache = data.cache { options.append(Option(name: "cache", text: quoted(cache))) }
        if let limit = data.cacheLimit { options.append(Option(name: "cache-limit", text: "\(Value.quantity(Double(limit), .size))")) }
        if data.validation > 0 { options.append(number("validate", data.validation)) }
        if let fold = data.fold {
            options += [Option(name: "fold", text: "\(fold.number)"), Option(name: "folds", text: "\(fold.count)")]
        }
        return options
    }

    private func augmentOptions() -> [Option] {
        let augmentation = specification.augmentation
        var options = [bare(augmentation.kind.rawValue), Option(name: "normalize", text: augmentation.normalization.rawValue)]
        guard augmentation.kind != .none else { return options }
        options += [Option(name: "resize", text: count(augmentation.resize)), Option(name: "crop", text: count(augmentation.crop))]
        if augmentation.kind == .paper {
            options += [
                Option(name: "scale", text: "\(text(augmentation.scale.lowerBound))..\(text(augmentation.scale.upperBound))"),
                Option(name: "ratio", text: "\(text(augmentation.ratio.lowerBound))..\(text(augmentation.ratio.upperBound))"),
                number("flip", augmentation.flip),
            ]
        }
        return options + [Option(name: "interpolation", text: augmentation.interpolation.rawValue)]
    }

    private func proxyOptions() -> [Option] {
        let proxies = specification.proxies
        var options = [bare(proxies.kind.rawValue)]
        guard proxies.isSemantic else { return options }
        if proxies.kind == .simple {
            options += [
                Option(name: "integrate", text: proxies.simpleIntegration.rawValue), Option(name: "prompts", text: proxies.simplePrompts.rawValue),
            ]
        }
        options.append(number("alpha", proxies.alpha))
        if proxies.integration == .mean { options.append(number("keep", proxies.keep)) }
        if proxies.hasClassPrompts {
            options += tokens(layers: proxies.layers, count: proxies.count, step: proxies.step)
        }
        if proxies.integration == .gru {
            options += [
                Option(name: "norm", text: proxies.normalization.rawValue), Option(name: "cell", text: proxies.cell.rawValue),
                number("dropout", proxies.dropout),
            ]
        }
        if proxies.hasClassPrompts { options.append(Option(name: "update", text: proxies.update.rawValue)) }
        return options + [Option(name: "range", text: proxies.range.rawValue)]
    }

    private func lossOption(_ name: String, _ value: LossSpecification.Value) -> Option {
        switch value {
        case .number(let value): number(name, value)
        case .integer(let value): Option(name: name, text: "\(value)")
        case .integers(let values): Option(name: name, text: "[" + values.map(String.init).joined(separator: ", ") + "]")
        case .word(let word): Option(name: name, text: word)
        case .flag(let isOn): Option(name: name, text: isOn ? name : nil, isBare: true)
        }
    }

    private func optimizerOptions() -> [Option] {
        let optimizer = specification.optimizer
        var options = [
            bare(optimizer.kind.rawValue), number("lr", optimizer.rate), Option(name: "head-lr", text: optimizer.headRate.map(text)),
            number("proxy-lr", optimizer.proxyRate), number("weight-decay", optimizer.weightDecay),
        ]
        if optimizer.kind == .sgd {
            options.append(number("momentum", optimizer.momentum))
            if optimizer.nesterov { options.append(bare("nesterov")) }
        } else {
            options += [
                Option(name: "betas", text: "[" + optimizer.betas.map(text).joined(separator: ", ") + "]"), number("eps", optimizer.epsilon),
            ]
        }
        switch optimizer.clipping {
        case .norm(let bound)?: options.append(number("clip-norm", bound))
        case .value(let bound)?: options.append(number("clip-value", bound))
        case nil: break
        }
        return options
    }

    private func scheduleOptions() -> [Option] {
        let schedule = specification.schedule
        var options = [bare(schedule.kind.rawValue)]
        switch schedule.kind {
        case .cosine, .linear: options += [Option(name: "epochs", text: count(schedule.epochs)), number("min", schedule.minimum)]
        case .step: options += [Option(name: "step", text: "\(schedule.every)"), number("gamma", schedule.gamma)]
        case .multistep:
            options += [
                Option(name: "milestones", text: "[" + schedule.milestones.map(String.init).joined(separator: ", ") + "]"),
                number("gamma", schedule.gamma),
            ]
        case .constant: break
        }
        return options + [Option(name: "warmup", text: "\(schedule.warmup)"), Option(name: "freeze-epochs", text: "\(schedule.freezeEpochs)")]
    }

    private func trainOptions(_ options: TrainingOptions) -> [Option] {
        [
            Option(name: "epochs", text: "\(options.epochs)"), Option(name: "steps", text: count(options.steps)),
            Option(name: "batch", text: "\(options.batch)"), Option(name: "per-class", text: "\(options.perClass)"),
            Option(name: "checkpoint", text: options.checkpointSeconds.map { text($0) + "s" } ?? count(options.checkpointEvery) ?? "none"),
            Option(name: "checkpoint-steps", text: count(options.checkpointSteps)),
            Option(name: "keep", text: "\(options.keep ?? TrainingOptions.usualKeep)"),
            Option(name: "evaluate", text: count(options.evaluateEvery) ?? "none"),
            Option(name: "memory", text: options.isFrugal ? "low" : "normal"),
            Option(name: "micro-batch", text: "\(options.microBatchSize)"),
        ]
    }

    // MARK: Text of values

    private func bare(_ text: String) -> Option { Option(name: text, text: text, isBare: true) }
    private func number(_ name: String, _ value: Double) -> Option { Option(name: name, text: text(value)) }
    private func count(_ value: Int?) -> String? { value.map(String.init) }

    /// The shortest text that reads back as the same value.
    private func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
