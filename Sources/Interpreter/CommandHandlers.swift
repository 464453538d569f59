/// Every handler there is.
public enum CommandHandlers {
    public static let all: [any CommandHandler] = [
        LoadHandler(), MethodHandler(), TuneHandler(), PromptsHandler(), AdapterHandler(), LoRAHandler(), ProxiesHandler(), HeadHandler(),
        DataHandler(), AugmentHandler(),
        LossHandler(), OptimHandler(), ScheduleHandler(), SeedHandler(), ThreadsHandler(), PrecisionHandler(), TrackHandler(), TrainHandler(), ResumeHandler(), ReplayHandler(), SweepHandler(),
        EvalHandler(), SearchHandler(), CompareHandler(), TableHandler(), ReportHandler(), PlotHandler(),
        EmbedHandler(), IndexHandler(), SaveHandler(), RestoreHandler(), ExportHandler(), ImportHandler(), RunsHandler(), SyncHandler(),
        ShowHandler(), DiffHandler(), UndoHandler(), RedoHandler(), StatusHandler(), HelpHandler(), QuitHandler(),
    ]

    private static let index = Dictionary(all.map { (type(of: $0).name, $0) }, uniquingKeysWith: { first, _ in first })

    static func handler(named name: String) -> (any CommandHandler)? { index[name] }
}
