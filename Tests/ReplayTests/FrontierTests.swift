import TestSupport
import Testing

@testable import Replay

@Suite("sweeps, bound, tuning and plot")
struct FrontierTests {
    /// A link with jitter that loses a twentieth, in bursts.
    private static let link: Trace = {
        var generator = SeededGenerator(seed: 3)
        var isLost = false
        return Generated.trace(3_000) { _ in
            isLost = Double.random(in: 0..<1, using: &generator) < (isLost ? 0.4 : 0.03)
            return isLost ? nil : 10_000_000 + Int64(generator.exponential(mean: 5_000_000))
        }
    }()

    @Test("the clairvoyant bound never rises, and no constant deadline after the sending beats it")
    func bound() throws {
        let bound = try ClairvoyantBound(Self.link)
        #expect(zip(bound.points, bound.points.dropFirst()).allSatisfy { $0.mistakes >= $1.mistakes })
        for point in bound.points.enumerated().filter({ $0.offset % 40 == 7 }).map(\.element) {
            let quality = try Self.link.quality(.nfds, point.detectionTime - 0.1)
            #expect(quality.mistakes >= point.mistakes)
            #expect(abs(quality.longestDetectionTime - point.detectionTime) < 1e-8)
        }
        let last = try #require(bound.points.last)
        #expect(last.detectionTime > 2 && last.mistakes < (bound.points.first?.mistakes ?? 0))
    }

    @Test(
        "a larger parameter is never faster and, on the whole, makes fewer mistakes",
        arguments: DetectorForm.allCases)
    func monotone(form: DetectorForm) throws {
        let sweep = try Sweep(form, over: Self.link)
        let times = sweep.points.map(\.quality.meanDetectionTime)
        // Akka's window depends on what was suspected before.
        if form != .akka { #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }) }
        let first = try #require(sweep.points.first?.quality.suspectedTime)
        #expect(try #require(sweep.points.last?.quality.suspectedTime) < first)
    }

    @Test(
        "tuning keeps the detection time, uses most of it, and is close to the bound",
        arguments: [0.25, 0.4, 0.8])
    func tuning(detectionTime: Double) throws {
        var shares: [Double] = []
        let advice = try Tuner(Self.link, detectionTime: detectionTime).advise { shares.append($0) }
        let chosen = advice.recommended
        #expect(chosen.quality.p99DetectionTime <= detectionTime)
        #expect(chosen.quality.p99DetectionTime > detectionTime - 0.02)
        let fewest = try #require(advice.candidates.map(\.quality.mistakes).min())
        #expect(Double(chosen.quality.mistakes) <= Double(fewest) + 2 * Double(fewest).squareRoot())
        #expect(chosen.quality.mistakeRate <= advice.bound * 1.2 + 0.02)
        #expect(shares == shares.sorted() && shares.last == 1)
    }

    @Test("the advice is lines of configuration, with what to expect as comments")
    func advice() throws {
        let advice = try Tuner(Self.link, detectionTime: 0.4).advise()
        let lines = advice.configuration(for: Self.link).split(separator: "\n")
        #expect(lines.first == "[detection]")
        let settings = lines.dropFirst().filter { !$0.hasPrefix("#") }
        #expect(settings.first == "heartbeat_interval = \"100ms\"")
        #expect(settings.dropFirst().first == "detector = \"\(advice.recommended.setup.form.rawValue)\"")
        #expect(settings.count == 3)
        #expect(lines.contains { $0.hasPrefix("#   one mistake in ") })
        #expect(lines.contains { $0.contains(", without its warm-up, over ") })
        #expect(lines.contains { $0.contains("no detector would do better than one mistake in ") })
    }

    @Test(
        "where the defaults make no more mistakes, the advice is the default margin, however much time there is"
    )
    func pinged() throws {
        let calm = Generated.trace(4_000) { $0 % 200 == 7 ? nil : $0 % 50 == 7 ? 15_000_000 : 1_000_000 }
        let advice = try Tuner(calm, detectionTime: 1).advise()
        let pinged = try #require(advice.pinged)
        #expect(pinged.isUsual && pinged.margin == 0.01)
        let text = advice.configuration(for: calm)
        #expect(text.contains("\nmargin = \"10ms\"\n") && text.contains("#mode = \"heartbeat\"\n"), "\(text)")
        #expect(pinged.detection.p99DetectionTime < 0.25)
        // Outages of three heartbeats outlast the pings, and a longer margin is worth its time.
        let rough = Generated.trace(4_000) { (100...103).contains($0 % 500) ? nil : 1_000_000 }
        let longer = try #require(try Tuner(rough, detectionTime: 1).advise().pinged)
        #expect(!longer.isUsual && longer.accuracy.mistakes == 0, "\(longer)")
        let short = try Tuner(calm, detectionTime: 0.15).advise()
        #expect(short.pinged == nil)
        #expect(short.configuration(for: calm).contains("\nmode = \"heartbeat\"\n"))
    }

    @Test("a detection time that no detector can keep is an error that says what could be")
    func unreachable() throws {
        let error = #expect(throws: ReplayError.self) { try Tuner(Self.link, detectionTime: 0.05).advise() }
        guard case .unreachable(_, let shortest) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(shortest > 0.1 && shortest < 0.15)
    }

    @Test("the plot shows every detector and the bound, names its axes, and holds numbers only")
    func plot() throws {
        let bound = try ClairvoyantBound(Self.link)
        let svg = FrontierPlot(Self.link, sweeps: try Sweep.all(over: Self.link), bound: bound).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        for form in DetectorForm.allCases { #expect(svg.contains(">\(form.rawValue)</text>")) }
        for form in DetectorForm.allCases { #expect(svg.contains(">\(form.explanation)</text>")) }
        for text in [
            "what suspectd does by default", "clairvoyant bound", "detection time T_D [s]",
            "mistakes a second λ_M [1/s]", "generated",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
        #expect(svg.split(separator: "fill=\"#d00000\"").count - 1 == 3)
        #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("\"-\""))
        // A line a detector in both panels and in the legend, and the bound's three.
        #expect(svg.split(separator: "<polyline").count - 1 == 3 * (DetectorForm.allCases.count + 1))
    }

    @Test("what the daemon does by default is on both panels also where delays grow to many intervals")
    func bloated() throws {
        var generator = SeededGenerator(seed: 5)
        let trace = Generated.trace(3_000) { number in
            let queue = Int64(number % 600 > 400 ? (number % 600 - 400) * 20_000_000 : 0)
            return 20_000_000 + queue + Int64(generator.exponential(mean: 5_000_000))
        }
        let svg = FrontierPlot(trace, sweeps: try Sweep.all(over: trace), bound: try ClairvoyantBound(trace))
            .svg
        #expect(svg.split(separator: "fill=\"#d00000\"").count - 1 == 3)
        for panel in svg.split(separator: "by the 99th percentile") {
            #expect(panel.split(separator: "<circle").count > 10)
        }
    }
}
