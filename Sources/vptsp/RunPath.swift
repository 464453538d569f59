import Foundation

/// Runs as the command line names them.
enum RunPath {
    /// The path as it is, or below `runs/` where only that is there.
    static func resolved(_ name: String) -> String {
        let below = "runs/" + name
        let files = FileManager.default
        return !files.fileExists(atPath: name) && files.fileExists(atPath: below) ? below : name
    }
}
