import DataMiniatures
import Foundation
import Interpreter
import Testing

/// `eval`'s figures from the language, the epochs of a run, and what is made of several runs.
@Suite(.serialized) struct CompareTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.pictures("birds")
    }

    @Test func everyFigureIsSaidAndReturned() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            eval recall=[1, 2] interval=0.9 map map-counted mean-ap nmi restarts=2 embedding=[feature, feature-raw] -> r
            print "{$r.recall-low@1 <= $r.recall@1} {$r.recall@2 <= $r.recall-high@2} {$r.mean-ap > 0} {$r.map-counted > 0} {$r.nmi >= 0} {$r.f1 >= 0}"
            print "{$r.feature.recall@1 == $r.recall@1} {$r.feature-raw.queries}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("true true true true true true\ntrue 16\n"), "\(output.text)")
        #expect(output.text.contains("test, frozen features, feature  R@1 "))
        #expect(output.text.contains("test, frozen features, feature-raw  R@1 "))
        for name in [" to ", "MAP@R counted ", "mAP ", "NMI ", "F1 "] { #expect(output.text.contains(name)) }
    }

    @Test func figuresOfEpochsAndTheirModels() throws {
        let (session, output) = place.session()
        let script = place.tiny + """
            data folder path="\(place("birds"))" validate=0.5
            train epochs=2 batch=4 evaluate=1 -> fit
            restore $fit.run epoch=chosen
            eval map -> chosen
            restore $fit.run epoch=best
            eval map -> best
            restore $fit.run
            eval map -> last
            print "{$chosen.map@r == $fit.chosen.map@r} {$best.map@r == $fit.best.map@r} {$last.map@r == $fit.last.map@r} {$fit.last.epoch} {$fit.memory > 1}"

            """
        #expect(session.execute(script) == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("true true true 2 true\n"), "\(output.text)")
        for title in ["last epoch (epoch 2)", "chosen on validation (epoch ", "best on test (epoch "] { #expect(output.text.contains("  test, \(title)")) }
        #expect(output.text.contains("chosen on validation; `train` begins a new run from it"))
    }

    @Test func whatCannotBeComparedIsSaid() throws {
        let (session, output) = place.session()
        #expect(session.execute(place.tiny + "train epochs=1 batch=4 name=a\n") == .succeeded, "\(output.errors)")
        #expect(session.execute("compare \"\(place("runs/a"))\" \"\(place("runs/a"))\"") == .inputMissing)
        #expect(output.errors.contains("keeps no answers of single queries"))
        #expect(session.execute("compare \"\(place("runs/a"))\" \"\(place("birds"))\"") == .inputMissing)
        #expect(output.errors.contains("not the folder of a run"))
        #expect(session.execute("eval recall=16") == .failed)
        #expect(output.errors.contains("K can be 15 at most"))
    }

    /// In-Shop's queries look in its gallery, at its own K as far as there are so many.
    @Test func queriesLookInTheGallery() throws {
        let (session, output) = place.session()
        let script = "load vit image=16 patch=8 dim=16 depth=2 heads=2\ndata inshop path=\"\(DataMiniatures.path("inshop"))\"\n"
        #expect(session.execute(script + "eval mean-ap map -> r\nprint $r.queries\n") == .succeeded, "\(output.errors)")
        #expect(output.text.hasSuffix("16\n"))
        #expect(output.text.contains("R@1 ") && output.text.contains("R@10 ") && !output.text.contains("R@20"))
        #expect(session.execute("eval map-counted") == .failed)
        #expect(output.errors.contains("are not in the gallery"), "\(output.errors)")
        #expect(session.execute("eval recall=17") == .failed)
        #expect(session.execute("eval on=train map-counted") == .succeeded)
    }
}
