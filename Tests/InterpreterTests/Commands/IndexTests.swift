import Foundation
import ImageData
import Interpreter
import TensorFiles
import Testing

/// `index`, and `search` in one.
@Suite(.serialized) struct IndexTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    private var query: String { place("birds/class05/2.png") }

    @Test func anIndexFindsWhatTheDataSetHas() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            index "\(place("g.safetensors"))" -> made
            search "\(query)" k=4 -> all
            search "\(query)" k=4 index="\(place("g.safetensors"))" output="\(place("row.png"))" -> graph
            search "\(query)" k=4 index="\(place("g.safetensors"))" exact -> exact
            print "{$made.images} {$made.dim} {$all.images == $graph.images} {$all.images == $exact.images} {$graph.class == $all.class}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("16 16 true true true\n"), "\(output.text)")
        #expect(try ImageDecoder.decode(path: place("row.png")).width > 400)
        // Later, from the file alone: the pictures are found where they were.
        let (later, text) = place.session()
        let alone = "load vit image=16 patch=8 dim=16 depth=2 heads=2\nprompts n=2\nsearch \"\(query)\" k=4 index=\"\(place("g.safetensors"))\" output=\"\(place("again.png"))\"\n"
        #expect(later.execute(alone) == .succeeded, "\(text.errors)")
        #expect(try place.bytes("again.png") == place.bytes("row.png"))
    }

    @Test func equalIndexesHaveEqualBytes() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "index \"\(place("a.safetensors"))\"\nthreads 2\nindex \"\(place("b.safetensors"))\"\n") == .succeeded, "\(output.errors)")
        #expect(try place.bytes("a.safetensors") == place.bytes("b.safetensors"))
    }

    @Test func manyQueriesAtOnce() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            embed "\(place("rows.npy"))"
            embed "\(place("named.safetensors"))"
            index "\(place("g.safetensors"))" from="\(place("named.safetensors"))" m=4 ef-construction=20
            search "\(place("rows.npy"))" k=3 index="\(place("g.safetensors"))" ef=16 output="\(place("found.npy"))" -> found
            search "\(place("rows.npy"))" k=3 index="\(place("g.safetensors"))" exact output="\(place("exact.npy"))"
            search "\(place("rows.npy"))" k=3 index="\(place("rows.npy"))" output="\(place("flat.npy"))"
            print "{$found.rate > 0}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("true\n") && output.text.contains("16 queries, 3 nearest of 16 rows by the graph, ef 16"))
        let found = try NPY.readIntegers(path: place("found.npy"))
        #expect(found.shape == [16, 3])
        // Each row's nearest is itself.
        #expect((0..<16).allSatisfy { found.values[$0 * 3] == Int64($0) })
        #expect(found.values == (try NPY.readIntegers(path: place("exact.npy"))).values)
        #expect(found.values == (try NPY.readIntegers(path: place("flat.npy"))).values)
    }

    @Test func anotherModelIsRefused() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "index \"\(place("g.safetensors"))\"\ntrain epochs=1 batch=4\nsearch \"\(query)\" index=\"\(place("g.safetensors"))\"\n") == .inputMissing)
        #expect(output.errors.contains("was made by another model"), "\(output.errors)")
        #expect(session.execute("load vit image=16 patch=8 dim=32 depth=2 heads=2\nsearch \"\(query)\" index=\"\(place("g.safetensors"))\"\n") == .inputMissing)
        #expect(output.errors.contains("holds rows of 16 values"), "\(output.errors)")
    }

    @Test func whatDoesNotGoTogetherIsSaid() throws {
        let (session, output) = place.session()
        let setUp = place.tiny + "index \"\(place("g.safetensors"))\"\nembed \"\(place("r.npy"))\"\n"
        #expect(session.execute(setUp) == .succeeded, "\(output.errors)")
        for (statement, outcome, words) in [
            ("search \"\(query)\" ef=3", Session.Outcome.rejected, "`ef` belongs to `index`"),
            ("search \"\(query)\" index=\"\(place("g.safetensors"))\" on=train", .rejected, "on"),
            ("search \"\(query)\" index=\"\(place("g.safetensors"))\" output=\"\(place("x.npy"))\"", .failed, "no .png"),
            ("search \"\(place("r.npy"))\" index=\"\(place("g.safetensors"))\" output=\"\(place("x.png"))\"", .failed, "no .npy"),
            ("search \"\(place("r.npy"))\" index=\"\(place("g.safetensors"))\" k=17", .failed, "more than the 16 rows"),
            ("index \"\(place("x.safetensors"))\" kind=exact m=8", .rejected, "m"),
            ("index \"\(place("x.safetensors"))\" from=\"\(query)\" on=train", .rejected, "on"),
        ] {
            #expect(session.execute(statement) == outcome, "\(statement)\n\(output.errors)")
            #expect(output.errors.contains(words), "\(statement)\n\(output.errors)")
        }
    }

    /// Any byte of it changed, or any part of it missing: words, never a trap.
    @Test func damagedFiles() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "index \"\(place("g.safetensors"))\" m=4\n") == .succeeded, "\(output.errors)")
        let whole = try place.bytes("g.safetensors")
        var (number, wrong) = (UInt64(88), 0)
        for trial in 0..<60 {
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let at = Int(number >> 33) % whole.count
            var damaged = whole
            if trial % 4 == 0 { damaged = damaged.prefix(at) } else { damaged[at] ^= UInt8(1 << (trial % 8)) }
            try damaged.write(to: URL(fileURLWithPath: place("d\(trial).safetensors")))
            let outcome = session.execute("search \"\(query)\" index=\"\(place("d\(trial).safetensors"))\"")
            #expect(outcome == .inputMissing || outcome == .succeeded)
            if outcome == .inputMissing { wrong += 1 }
        }
        #expect(wrong > 40, "\(wrong)")
        #expect(session.execute("search \"\(query)\" index=\"\(place("g.safetensors"))\"") == .succeeded)
        try place.write("not an index", to: "text.safetensors")
        #expect(session.execute("search \"\(query)\" index=\"\(place("text.safetensors"))\"") == .inputMissing)
    }
}
