// generate-vptsp [--check] [FOLDER]: writes the reference from the catalog into FOLDER, Docs/reference unless given.
// With --check it writes nothing and exits 1 when a page is missing, stale or left over.

import Foundation
import VPSAnalysis

var arguments = Array(CommandLine.arguments.dropFirst())
let isCheck = arguments.first == "--check"
if isCheck { arguments.removeFirst() }
guard arguments.count <= 1, !(arguments.first?.hasPrefix("-") ?? false) else {
    FileHandle.standardError.write(Data("usage: generate-vptsp [--check] [FOLDER]\n".utf8))
    exit(64)
}
let folder = URL(fileURLWithPath: arguments.first ?? "Docs/reference", isDirectory: true)

do {
    let stale = try ReferenceFolder(folder).stale()
    if isCheck {
        for name in stale { print("stale: \(name)") }
        exit(stale.isEmpty ? 0 : 1)
    }
    try ReferenceFolder(folder).write()
    for name in stale { print("written: \(name)") }
} catch {
    FileHandle.standardError.write(Data("generate-vptsp: \(error.localizedDescription)\n".utf8))
    exit(70)
}
