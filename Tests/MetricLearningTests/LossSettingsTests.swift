import Foundation
import MetricLearning
import Testing

@Suite struct LossSettingsTests {
    @Test(arguments: NamedLosses.all.map(\.name)) func defaultsMakeALossAndSurviveJSON(_ name: String) throws {
        let settings = try LossSettings(name)
        #expect(settings.name == name && !settings.settings.isEmpty)
        let again = try JSONDecoder().decode(LossSettings.self, from: JSONEncoder().encode(settings))
        #expect(again == settings)
        #expect(again.proxiesPerClass == settings.proxiesPerClass)
    }

    @Test func settingsReachTheLoss() throws {
        let triplet = try LossSettings("triplet", ["margin": .number(0.3), "miner": .word("semihard"), "miner-margin": .number(0.1)])
        #expect(triplet.function as? TripletLoss == TripletLoss(margin: 0.3, miner: .semihard(margin: 0.1)))
        let weighted = try LossSettings("contrastive", ["miner": .word("distance-weighted"), "miner-farthest": .number(1.2)])
        #expect((weighted.function as? ContrastiveLoss)?.miner == .distanceWeighted(cutoff: 0.5, farthest: 1.2))
        #expect(weighted["miner-cutoff"] == .number(0.5) && weighted["miner-margin"] == nil)
        let recall = try LossSettings("recall-at-k", ["k": .integers([1, 3]), "query": .word("left-out"), "simix": .flag(true)])
        #expect(recall.function as? RecallAtKLoss == RecallAtKLoss(ks: [1, 3], includesQuery: false, isMixed: true))
        let centers = try LossSettings("subcenter-arcface", ["centers": .integer(4)])
        #expect(centers.proxiesPerClass == 4)
        #expect(try LossSettings("proxy-nca").function as? CosineSoftmaxLoss == CosineSoftmaxLoss(scale: 2))
        let ball = try LossSettings("hyperbolic", ["curvature": .number(0.5)])
        #expect(ball.function.space == .ball(PoincareBall(curvature: 0.5, clip: 2.3)))
        #expect(try LossSettings("hyperbolic", ["curvature": .number(0)]).function.space == .sphere)
    }

    @Test(arguments: [
        ("tripplet", [:], "there is no loss `tripplet`"),
        ("triplet", ["temperature": LossValue.number(1)], "loss triplet has no `temperature`; it has margin, miner"),
        ("triplet", ["miner": .word("easy")], "loss triplet miner=easy must be one of all, semihard"),
        ("triplet", ["miner-margin": .number(0.1)], "loss triplet miner-margin counts only with miner=semihard"),
        ("triplet", ["margin": .number(.nan)], "must be a number from 0.0 to 2.0"), ("arcface", ["margin-degrees": .number(180)], "to below 180.0"),
        ("nt-xent", ["temperature": .number(0)], "must be a number above 0"), ("nt-xent", ["temperature": .word("0")], "must be a number"),
        ("soft-triple", ["centers": .integer(0)], "a whole number from 1 on"), ("recall-at-k", ["k": .integers([])], "one whole number or more"),
        ("hyperbolic", ["curvature": .number(0), "clip": .number(2)], "counts only with curvature above 0"),
        ("proxy-anchor", ["mode": .word("nca"), "divide": .word("present")], "loss proxy-anchor divide counts only with mode=anchor"),
    ] as [(String, [String: LossValue], String)]) func whatCannotBeIsRefused(_ name: String, _ given: [String: LossValue], _ words: String) throws {
        let error = try #require(throws: MetricLearningError.self) { try LossSettings(name, given) }
        #expect(error.description.contains(words), "\(error)")
    }

    @Test(arguments: ["{}", "{\"name\": \"lion\"}", "{\"name\": \"circle\", \"tail\": 3}", "{\"name\": \"circle\", \"gamma\": \"x\"}", "{\"name\": \"circle\", \"gamma\": -1}"])
    func damagedJSONIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(LossSettings.self, from: Data(text.utf8)) }
    }
}
