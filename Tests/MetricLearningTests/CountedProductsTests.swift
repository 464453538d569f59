import Foundation
import Testing

/// A step computes the products that the method needs and no others (method section 3): a prompt costs its keys and values, once a
/// batch or once a class; the last block works on the CLS row; both passes share block 0's projection; nothing runs for a
/// gradient that nobody wants, and no gradient of a frozen weight. Counted by the engine, in a process of its own.
@Suite struct CountedProductsTests {
    private struct Line: Decodable { let gflop, gflopComputed: Double }

    private func step(_ arguments: String) throws -> Line {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("vptsp-bench")
        process.arguments = ["step", "--vit", "vit-nano", "--steps", "1", "--batch", "16", "--dim", "32"] + arguments.split(separator: " ").map(String.init)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Line.self, from: bytes)
    }

    @Test(arguments: [
        "--method linear", "--method bitfit", "--method vpt", "--method vpt --prompts 6,40", "--method vpt --bitfit", "--method vptsp-m",
        "--method vptsp-g --classes 500", "--method vptsp-g --bitfit", "--method full", "--method vptsp-g --micro-batch 8",
        "--method vptsp-g --bitfit --micro-batch 8", "--method full --micro-batch 8", "--method linear --micro-batch 8",
    ])
    func aStepComputesWhatTheMethodNeeds(_ arguments: String) throws {
        let line = try step(arguments)
        #expect(abs(line.gflopComputed / line.gflop - 1) < 0.005, "\(arguments): \(line.gflopComputed) of \(line.gflop)")
    }

    @Test func promptsCostKeysAndValuesAlone() throws {
        // vit-nano: 6 blocks of 37 tokens, 128 wide. Forward, 30 prompts a block: keys and values once a batch, scores and sums of every row
        // (the last block's one row). Backward: the same once more for the products, in block 0 only the prompts' own columns.
        let (with, without) = (try step("--method vpt --prompts 6,30"), try step("--method vpt --prompts 6,1"))
        let keysValues = 2.0 * 29 * 128 * 256, asking = 5.0 * 37 + 1
        let forward = 6 * keysValues + 16 * asking * 2 * 2 * 29 * 128
        let backward = 6 * keysValues + 16 * (37 * 4 + (asking - 37) * 5) * 2 * 29 * 128
        #expect(abs((with.gflopComputed - without.gflopComputed) * 1e9 / (forward + backward) - 1) < 1e-6)
    }
}
