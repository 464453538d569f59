import Foundation
import ScriptFuzzing

// libFuzzer keeps what reaches new code, and calls these.

/// A property that does not hold, or ten seconds of work, end the process, which makes libFuzzer keep the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    // By processor time, so that a process which was stopped for a while is no hang; libFuzzer's own limit goes by the clock.
    var limit = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: 10, tv_usec: 0))
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    let found = ScriptProperties.violations(of: text)
    guard found.isEmpty else {
        FileHandle.standardError.write(Data((found.joined(separator: "\n") + "\n").utf8))
        abort()
    }
    return 0
}

@_silgen_name("LLVMFuzzerMutate")
func mutateBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt) -> Int {
    guard seed % 4 != 0 else { return mutateBytes(bytes, count, limit) }
    var mutator = ScriptMutator(seed: UInt64(seed))
    return write(mutator.mutated(Array(UnsafeBufferPointer(start: bytes, count: count))), to: bytes, limit)
}

@_cdecl("LLVMFuzzerCustomCrossOver")
public func cross(
    _ first: UnsafePointer<UInt8>, _ firstCount: Int, _ second: UnsafePointer<UInt8>, _ secondCount: Int,
    _ out: UnsafeMutablePointer<UInt8>, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
    var mutator = ScriptMutator(seed: UInt64(seed))
    let text = mutator.mutated(
        Array(UnsafeBufferPointer(start: first, count: firstCount)), with: Array(UnsafeBufferPointer(start: second, count: secondCount)))
    return write(text, to: out, limit)
}

private func write(_ text: [UInt8], to bytes: UnsafeMutablePointer<UInt8>, _ limit: Int) -> Int {
    let count = min(text.count, limit)
    for (offset, byte) in text.prefix(count).enumerated() { bytes[offset] = byte }
    return count
}

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The name under which the package manager links an executable's main function.
@_cdecl("fuzz_vps_main")
public func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var (count, arguments) = (count, arguments)
    let words = CommandLine.arguments
    guard words.count == 3, words[1] == "--seeds" else {
        signal(SIGPROF) { _ in abort() }
        return runFuzzer(&count, &arguments, testOneInput)
    }
    return writeSeeds(into: URL(filePath: words[2]))
}

private func writeSeeds(into folder: URL) -> CInt {
    do {
        let texts = try ScriptSeeds.corpus().map(\.text) + ScriptSeeds.catalog() + ScriptSeeds.sentences(600, seed: 1)
        for (number, text) in texts.enumerated() { try Data(text).write(to: folder.appending(path: "seed-\(number)")) }
        return 0
    } catch {
        FileHandle.standardError.write(Data("fuzz-vps: \(error)\n".utf8))
        return 1
    }
}
