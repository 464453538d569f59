import Foundation
import Sweeps

/// A folder with a program that answers orders as a worker does: what each cell comes to stands in its script.
///
/// `value X` ends with the figure x = X, `crash` kills the process, `fail` fails, `slow` waits for a signal.
final class FakeWorker {
    let path: String
    var program: String { path + "/worker" }

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("sweep-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let script = #"""
            #!/bin/bash
            folder=$2
            stop=
            trap 'stop=1' INT
            while read -r line; do
              hash=$(sed -E 's/.*"hash":"([^"]*)".*/\1/' <<< "$line")
              script=$(sed -E 's/.*"script":"([^"]*)".*/\1/' <<< "$line")
              echo "$hash" >> "$folder/order.txt"
              case $script in
                crash) echo "about to crash" >&2; kill -SEGV $$ ;;
                slow)
                  echo '{"progress":{"done":1,"total":9,"loss":2}}'
                  while [ -z "$stop" ]; do sleep 0.02; done
                  echo '{"stopped":{}}'; continue ;;
                fail) result='{"status":"failed","figures":[],"seconds":0,"isWhole":true,"message":"no"}' ;;
                *) result="{\"status\":\"done\",\"figures\":[{\"name\":\"x\",\"value\":${script#value }}],\"seconds\":0,\"isWhole\":true}" ;;
              esac
              mkdir -p "$folder/cells/$hash"
              echo "$result" > "$folder/cells/$hash/result.json"
              echo "{\"finished\":{\"_0\":$result}}"
            done
            """#
        try Data(script.utf8).write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try FileManager.default.createDirectory(atPath: path + "/s/cells", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var folder: SweepFolder { SweepFolder(path: path + "/s") }

    /// Cells that workers were given, in order.
    var orders: [String] {
        let text = (try? String(contentsOfFile: folder.path + "/order.txt", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    func cells(_ scripts: [String]) -> [SweepCell] {
        scripts.enumerated().map { index, script in
            SweepCell(hash: "cell\(index)", setting: index, values: [.init(name: "n", text: "\(index)")], seed: 0, script: script)
        }
    }

    /// Runs the cells; `observer` may ask to stop.
    func run(
        _ cells: [SweepCell], jobs: Int = 1, stopsAtFailure: Bool = false, shouldStop: () -> Bool = { false }, observer: (SweepEvent) -> Void = { _ in }
    ) throws -> (outcome: SweepScheduler.Outcome, results: [String: CellResult]) {
        var results: [String: CellResult] = [:]
        let scheduler = SweepScheduler(folder: folder, program: program, jobs: jobs, threads: 1, stopsAtFailure: stopsAtFailure)
        let outcome = try scheduler.run(ListedCells(cells), observer: { event in
            if case .finished(let cell, let result, _) = event { results[cell.hash] = result }
            observer(event)
        }, shouldStop: shouldStop)
        return (outcome, results)
    }
}
