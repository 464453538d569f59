internal import Experiments
internal import Foundation

/// The executable that a sweep starts its workers from.
enum WorkerProgram {
    /// Its path, for processes of other machines.
    static func realPath() throws -> String { URL(fileURLWithPath: try path()).resolvingSymlinksInPath().path }

    /// This program; another one that uses the session, a test, has `vptsp` beside it.
    /// - Throws: when there is none.
    static func path() throws -> String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        // The link still leads to the program that runs when its file has been replaced since.
        if own.lastPathComponent.hasPrefix("vptsp") && !own.lastPathComponent.hasSuffix(".xctest") { return "/proc/self/exe" }
        let beside = own.deletingLastPathComponent().appendingPathComponent("vptsp").path
        guard FileManager.default.isExecutableFile(atPath: beside) else {
            throw ExperimentError(.state, "\(own.path) cannot start workers: there is no vptsp beside it")
        }
        return beside
    }
}
