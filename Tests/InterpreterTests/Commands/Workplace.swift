import Foundation
import ImageData
import Interpreter

/// A folder with pictures, in which scripts run as from the command line; removed when the test lets go of it.
final class Workplace {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("session-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws {
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: self(name)).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: name.hasPrefix("/") ? name : self(name))) }

    /// A picture in which the class has a colour and the number a pattern.
    func picture(_ name: String, label: Int = 0, number: Int = 0, side: Int = 20) throws {
        var pixels: [UInt8] = []
        for place in 0..<side * side {
            pixels += [UInt8((label * 29 + place * (label + 2) + number * 7) % 256), UInt8((number * 13 + place) % 256), UInt8(label * 71 % 256)]
        }
        let file = URL(fileURLWithPath: self(name))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(encodePNG(RGBImage(width: side, height: side, pixels: pixels))).write(to: file)
    }

    func pictures(_ folder: String, classes: Int = 8, images: Int = 4, from first: Int = 0) throws {
        for label in first..<first + classes {
            for number in 0..<images { try picture("\(folder)/class\(label < 10 ? "0" : "")\(label)/\(number).png", label: label, number: number) }
        }
    }

    /// The settings of a tiny random network on the pictures of `birds`, before `train`.
    var tiny: String {
        """
        threads 1
        load vit image=16 patch=8 dim=16 depth=2 heads=2
        data folder path="\(self("birds"))"
        prompts n=2
        proxies gru n=2
        optim adamw lr=1e-3 proxy-lr=1e-2

        """
    }

    func session(shouldStop: @escaping () -> Bool = { false }) -> (session: Session, output: CapturedOutput) {
        let output = CapturedOutput()
        return (Session(output: output, runsFolder: self("runs"), shouldStop: shouldStop), output)
    }

    /// Runs a script as `vptsp run` does.
    func run(_ script: String, named name: String = "script.vps") throws -> (code: ExitCode, text: String, errors: String) {
        try write(script, to: name)
        let output = CapturedOutput()
        let code = ScriptRunner(output: output).run(self(name))
        return (code, output.text, output.errors)
    }

    /// The newest run's folder.
    func runs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self("runs")).sorted().map { self("runs/") + $0 }
    }
}
