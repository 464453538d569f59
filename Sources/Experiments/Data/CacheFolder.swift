internal import Foundation

/// Where what costs only time to lose is kept: below `$XDG_CACHE_HOME`, or `~/.cache`.
enum CacheFolder {
    /// `vptsp/<name>` there; nil without both variables.
    static func path(_ name: String, environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? environment["HOME"].map { $0 + "/.cache" }
        return base.map { "\($0)/vptsp/\(name)" }
    }
}
