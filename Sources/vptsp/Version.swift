/// Of the program; semantic versioning (semver.org).
enum Version {
    static let text = "0.1.0"
}
