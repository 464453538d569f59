/// `?proxies` at the prompt stands for `help proxies`.
package enum Question {
    /// The statement that the text stands for; any other text is itself.
    package static func statement(_ text: String) -> String {
        guard text.first == "?" else { return text }
        return "help " + text.dropFirst()
    }
}
