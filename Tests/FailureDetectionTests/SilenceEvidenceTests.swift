import CausalClock
import Testing

@testable import FailureDetection

@Suite("which host a host listens to about a silent peer, where there are many")
struct SilenceEvidenceTests {
    /// What a witness says `after` the beginning of the silence, having heard of the peer `heard` before.
    private func report(_ witness: Int, after: Int64, heard: Int64, isTrusted: Bool = true)
        -> WitnessStatement
    {
        WitnessStatement(
            witness: host("w\(witness)"), arrived: start + .milliseconds(after),
            testimony: Testimony(
                subject: Dot(host: host("b"), epoch: Epoch(1), counter: 7), age: .milliseconds(heard),
                isTrusted: isTrusted))
    }

    private func watch(of reports: [WitnessStatement]) -> [HostID] {
        var watch = SilenceEvidence()
        watch.begin(next: 100, at: start)
        for report in reports { watch.take(report, speaksOfUs: true, next: 101, at: report.arrived) }
        return watch.reports.map(\.witness)
    }

    private let start = Instant(nanoseconds: 1_000_000_000)

    /// As many as are remembered, that have heard of the peer last when we had.
    private var undecided: [WitnessStatement] {
        (1...SilenceEvidence.capacity).map { report($0, after: Int64($0), heard: 200) }
    }

    @Test(
        "those that cannot know yet make space for one that has heard the peer since, and for one that does not hear it"
    )
    func makesRoom() {
        let telling = [report(20, after: 9, heard: 1), report(21, after: 10, heard: 300, isTrusted: false)]
        let kept = watch(of: undecided + telling)
        #expect(kept.count == SilenceEvidence.capacity)
        #expect(kept.contains(host("w20")) && kept.contains(host("w21")))
    }

    @Test("one that cannot know yet replaces no peer that can")
    func takesNoPlace() {
        let telling = (1...SilenceEvidence.capacity).map { report($0, after: Int64($0), heard: 1) }
        #expect(watch(of: telling + [report(20, after: 50, heard: 200)]) == telling.map(\.witness))
    }

    @Test("what a witness said before gives way to what it says now")
    func replaces() {
        var watch = SilenceEvidence()
        watch.begin(next: 100, at: start)
        for report in undecided + [report(3, after: 30, heard: 1)] {
            watch.take(report, speaksOfUs: true, next: 101, at: report.arrived)
        }
        #expect(watch.reports.count == SilenceEvidence.capacity)
        #expect(watch.reports[2].arrived == start + .milliseconds(30))
    }
}
