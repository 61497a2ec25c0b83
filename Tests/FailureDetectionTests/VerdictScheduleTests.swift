import CausalClock
import Testing

@testable import FailureDetection

/// What puts a verdict off is in the evidence, and in the bound.
@Suite("the verdict schedule")
struct VerdictScheduleTests {
    /// By how much each rule put the first suspicion of a peer off.
    private func postponements(
        of peers: [PeerSettings], _ drawing: String
    ) throws -> [VerdictRule: TimeSpan] {
        let run = timeline(peers, drawing)
        let suspicion = try #require(run.notices.first { $0.kind == .suspect })
        let list = try #require(suspicion.evidence).postponements
        return Dictionary(uniqueKeysWithValues: list.map { ($0.rule, $0.duration) })
    }

    @Test("on a link without losses only a heartbeat that is due soon is waited for")
    func nextHeartbeat() throws {
        let found = try postponements(
            of: [peer("b"), peer("c")],
            """
            b <  h......... h......... h......... h......... .......... ..........
            b !  T......... .......... .......... .......... ..P....... ..C.......
            c <  .....h.... .....h.... .....h.... .....h.... .....h.... .....h....
            c !  .....T.... .......... .......... .......... .......... ..........
            """)
        #expect(found == [.nextHeartbeat: .milliseconds(10)])
    }

    @Test("one heartbeat is waited for after the pings, also by a host that judges just before each")
    func oneHeartbeat() throws {
        let start = TimelineRun.instant(of: 0)
        var settings = peer("b")
        settings.interval = .milliseconds(20)
        var peer = Peer(settings, at: start)
        peer.become(.trusted, at: start)
        peer.become(.pending, at: peer.deadline)
        let judged = peer.deadline + .milliseconds(17)
        let due = try #require(peer.nextHeartbeatDue(soonAfter: judged))
        #expect(due == peer.deadline + .milliseconds(20))
        peer.note(Allowance(rule: .nextHeartbeat, until: due), at: judged)
        #expect(peer.nextHeartbeatDue(soonAfter: judged + .milliseconds(1)) == due, "it is the same one")
        #expect(peer.nextHeartbeatDue(soonAfter: judged + .milliseconds(20)) == nil)
        peer.note(Allowance(rule: .heardByOthers, until: due), at: judged)
        #expect(peer.nextHeartbeatDue(soonAfter: judged + .milliseconds(20)) != nil, "pings have ended again")
    }

    @Test("a peer that acknowledges late is suspected later, by what the evidence says")
    func lateAnswer() throws {
        let found = try postponements(
            of: [peer("b"), peer("c")],
            """
            b <  h......... h......... n......... n......... n......... n......... n......... .......... .......... .......... .......... .......... ..........
            b !  T......... .......... .......... .......... .......... .......... .......... ..P....... .......... .......... .......... .......... ..C.......
            c <  .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h.... .....h....
            c !  .....T.... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... ..........
            """)
        #expect(Set(found.keys) == [.lateAnswer, .nextHeartbeat])
        #expect(try #require(found[.lateAnswer]) <= .milliseconds(400))
    }

    @Test("the bound has the part of each rule, and no part without its cause")
    func parts() {
        let round = PingRound(count: 4, spacing: .milliseconds(20), lastWait: .milliseconds(40))
        var silence = WorstSilence(
            untilDeadline: .milliseconds(300), patience: .milliseconds(220), isVerified: true, usual: round,
            round: round)
        func part(_ rule: VerdictRule) -> TimeSpan { silence.longest(by: rule, after: round.length) }
        #expect(silence.total == .milliseconds(400))
        #expect(VerdictRule.allCases.allSatisfy { part($0) == .zero })
        silence.round.count = 6
        #expect(part(.losses) == .milliseconds(40))
        silence.others = .milliseconds(200)
        #expect(part(.others) == .milliseconds(140))
        silence.answerLateness = .milliseconds(150)
        #expect(part(.lateAnswer) == .milliseconds(150))
        silence.pingsForOthers = round.half
        #expect(part(.heardByOthers) == .milliseconds(60))
        silence.heartbeats = .init(every: .milliseconds(200), isScheduleKnown: false)
        #expect(part(.nextHeartbeat) == .milliseconds(40))
        silence.readLag = .milliseconds(10)
        #expect(part(.lateReads) == .milliseconds(40))
        // The wait for others and the late answer run side by side with the longer round: the longest of the three counts.
        #expect(silence.total == .milliseconds(300 + 100 + 150 + 40 + 100 + 40))
    }

    @Test("a host that is slow itself has a longer bound by at most half of what it waits for")
    func score() {
        let round = PingRound(count: 4, spacing: .milliseconds(20), lastWait: .milliseconds(40))
        var silence = WorstSilence(
            untilDeadline: .milliseconds(300), patience: .milliseconds(220), isVerified: true, usual: round,
            round: round)
        silence.lagScore = LagScore.maximum
        #expect(silence.total == .milliseconds(300 + 110 + 150))
        silence.isVerified = false
        #expect(silence.total == .milliseconds(300 + 110))
    }
}
