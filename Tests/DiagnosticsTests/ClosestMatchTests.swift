import Diagnostics
import Testing

struct ClosestMatchTests {
    @Test(arguments: [
        ("aplha", "alpha"), ("alhpa", "alpha"), ("epoch", "epochs"), ("momentun", "momentum"), ("LAYERS", "layers"),
        ("proxy-ancor", "proxy-anchor"), ("kep", "keep"),
    ])
    func findsTheIntendedName(_ typed: String, _ meant: String) {
        #expect(closestMatch(to: typed, among: ["alpha", "epochs", "momentum", "layers", "proxy-anchor", "keep"]) == meant)
    }

    @Test(arguments: ["", "x", "zzz", "batchsize", "a"])
    func findsNothingForAnotherWord(_ typed: String) {
        #expect(closestMatch(to: typed, among: ["alpha", "epochs", "momentum", "n", "lr"]) == nil)
    }

    @Test func prefersTheNearestThenTheFirst() {
        #expect(closestMatch(to: "cosin", among: ["cousin", "cosine"]) == "cousin")
        #expect(closestMatch(to: "stepp", among: ["stop", "step"]) == "step")
        #expect(closestMatch(to: "x", among: [String]()) == nil)
    }

    @Test func staysQuickOnLongNames() {
        let long = String(repeating: "ab", count: 100_000)
        #expect(closestMatch(to: long, among: [long + "c", "short"]) == long + "c")
    }
}
