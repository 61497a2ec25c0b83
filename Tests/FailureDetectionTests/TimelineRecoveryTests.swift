import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: a suspected peer that is heard again")
struct TimelineRecoveryTests {
    /// What is thought of b, by tick.
    private final class Notes: @unchecked Sendable {
        private var opinions: [Int: String] = [:]

        func take(_ monitor: Monitor, at column: Int) {
            let cause = monitor.report(ofPeer: 0).verdict.map(\.cause.rawValue) ?? "-"
            opinions[column] = cause + (monitor.opinions.isEmpty ? ", no vote" : ", a vote")
        }

        subscript(column: Int) -> String { opinions[column] ?? "nothing" }
    }

    private func notes(
        of drawing: String, _ mode: MonitoringMode = .heartbeatAndPing, at columns: [Int],
        doing actions: [Int: (inout Monitor, Instant) -> Void] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Notes {
        let notes = Notes()
        let looks = columns.map { column in
            (
                column,
                { (monitor: inout Monitor, now: Instant) in
                    actions[column]?(&monitor, now)
                    notes.take(monitor, at: column)
                }
            )
        }
        timeline(
            [peer("b", mode: mode), peer("c")], drawing,
            actions: actions.merging(looks) { $1 }, sourceLocation: sourceLocation)
        return notes
    }

    @Test(
        "while it is heard no cause is named, which its second message has reported, and the suspicion has no vote, though it lasts"
    )
    func heardAgain() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .......... h......... .......... .......... h......... h......... h.........
                b !  T......... .......... ..P....... ..C....... T......... ..P....... ..C....... .......... S......... T.........
                c <  h......... h......... h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [65, 72, 88, 95])
        #expect(seen[65] == "crash, a vote")
        #expect(seen[72] == "unknown, no vote")
        #expect(seen[88] == "unknown, no vote")
        #expect(seen[95] == "-, no vote")
    }

    @Test("a pong to a ping that is forgotten is no sign of life, and is no silence either")
    func unsolicited() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... ....u..... .......... .......... .......... .......... ..........
                b !  T......... .......... ..P....... ..C.u..... .......... .......... .......... C......... ..........
                b !  .......... .......... .......... ....S..... .......... .......... .......... .......... ..........
                c <  h......... h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [33, 35, 55, 75])
        #expect(seen[33] == "crash, a vote")
        #expect(seen[35] == "unknown, no vote", "it is weighed at the end of the turn")
        #expect(seen[55] == "unknown, no vote")
        #expect(seen[75] == "crash, a vote")
    }

    @Test("nor does a heartbeat that was under way until the next one was overdue")
    func lateHeartbeat() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .....y.... .......... .......... .......... ..........
                b !  T......... .......... ..P....... ..C..S.... .......... .......... .......... .C........
                c <  h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [33, 36, 65, 75])
        #expect(seen[33] == "crash, a vote")
        #expect(seen[36] == "unknown, no vote")
        #expect(seen[65] == "unknown, no vote")
        #expect(seen[75] == "crash, a vote")
    }

    @Test("nor does a pong that was under way for longer than any is waited for")
    func latePong() {
        let calm = String(repeating: ".......... ", count: 10)
        let heard = String(repeating: "h......... ", count: 10)
        let seen = notes(
            of: """
                b <  h......... h......... ....s..... .......... \(calm)....G..... .......... .......... .......... ..........
                b !  T......... .......... ..P....... ..C....... \(calm)....S..... .......... .......... .......... C.........
                c <  h......... h......... h......... h......... \(heard)h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... \(calm).......... .......... .......... .......... ..........
                """, at: [33, 145, 155, 175])
        #expect(seen[33] == "crash, a vote")
        #expect(seen[145] == "unknown, no vote")
        #expect(seen[155] == "unknown, no vote")
        #expect(seen[175] == "unknown, no vote")
    }

    @Test("silent again, it has a cause once pings would have confirmed that, and a vote some time later")
    func relapse() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .......... h......... .......... .......... h......... .......... .......... .......... ..........
                b >  .......... .......... ..p..p..p. .......... .......... ..p..p..p. .......... .......... ..p..p..p. .......... .......... ..........
                b !  T......... .......... ..P....... ..C....... T......... ..P....... ..C....... .......... .......... .......... .......... ..........
                c <  h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [91, 95, 100, 118])
        #expect(seen[91] == "unknown, no vote")
        #expect(seen[95] == "crash, no vote")
        #expect(seen[100] == "crash, no vote")
        #expect(seen[118] == "crash, a vote")
    }

    @Test(
        "a relapse in which nothing can be sent to it has neither a cause nor a vote, whatever was asked before"
    )
    func relapseUnsent() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .......... h......... .......... .......... h......... .......... .......... .......... ..........
                b >  .......... .......... ..p..p..p. .......... .......... ..p..p..p. .......... .......... .......... .......... .......... ..........
                b !  T......... .......... ..P....... ..C....... T......... ..P....... ..C....... .......... .......... .......... ...S...... ..........
                c <  h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [65, 80, 95, 118],
            doing: [80: { monitor, _ in monitor.noteAddress(ofPeer: 0, isKnown: false) }])
        #expect(seen[65] == "crash, a vote")
        #expect(seen[95] == "unknown, no vote")
        #expect(seen[118] == "unknown, no vote")
    }

    @Test(
        "where no pings are sent, a suspicion has no vote from the moment at which something cannot be sent")
    func unsentWithoutPings() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .......... ..........
                b !  T......... .......... ..S....... .......... ..........
                c <  h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... ..........
                """, .heartbeat, at: [30, 31],
            doing: [
                31: { monitor, now in
                    var effects = Effects()
                    monitor.handle(.unsent(peer: 0, .filtered), at: now, into: &effects)
                }
            ])
        #expect(seen[30] == "unknown, a vote")
        #expect(seen[31] == "unknown, no vote")
    }

    @Test("a node that asks about a peer that is heard again learns that it is heard")
    func testimony() throws {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... h......... .......... .......... h.
            b !  T......... .......... ..P....... ..C....... T......... ..P....... ..C....... ..
            c <  h......... h......... h......... h......... h......... h......... h......... h.
            c !  T......... .......... .......... .......... .......... .......... .......... ..
            """)
        var testimonies: [Testimony] = []
        run.monitor.testimonies(toPeer: 1, at: TimelineRun.instant(of: 72), into: &testimonies)
        let testimony = try #require(testimonies.first)
        #expect(testimony.subject.host == host("b") && testimony.isTrusted)
    }

    @Test("a suspect that restarts is neither called crashed nor voted against in its new incarnation")
    func restart() {
        let seen = notes(
            of: """
                b <  h......... h......... .......... .......... R......... .......... .......... R......... .......... .......... .......... R......... h......... h.........
                b !  T......... .......... ..P....... ..C....... R......... ..P....... ..C....... R......... ..P....... ..C....... .......... R......... S......... T.........
                b !  .......... .......... .......... .......... T......... .......... .......... T......... .......... .......... .......... .......... .......... ..........
                c <  h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h......... h.........
                c !  T......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... .......... ..........
                """, at: [105, 112, 125, 135])
        #expect(seen[105] == "crash, a vote")
        #expect(seen[112] == "unknown, no vote")
        #expect(seen[125] == "unknown, no vote")
        #expect(seen[135] == "-, no vote")
    }

    @Test("a suspect that is trusted in a turn is not reported with a new cause before")
    func sameTurn() {
        var reported: [Notice.Kind] = []
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... h.........
            b !  T......... .......... ..P....... ..C....... T.........
            c <  h......... h......... h......... h......... ..........
            c !  T......... .......... .......... .......... ..........
            """,
            actions: [
                40: { monitor, now in
                    for message in Self.lateAnswerAndTestimony(at: now) {
                        var effects = Effects()
                        monitor.handle(.received(message), at: now, into: &effects)
                        reported += effects.items.compactMap { effect in
                            if case .notice(let notice) = effect { notice.kind } else { nil }
                        }
                    }
                }
            ])
        #expect(reported.isEmpty)
    }

    /// A pong of `b` that comes too late, and a heartbeat of `c`, which does not hear `b`.
    private static func lateAnswerAndTestimony(at now: Instant) -> [InboundMessage] {
        let late = message(of: "b", .pong(nonce: 1, waited: .zero), at: now)
        var heartbeat = message(of: "c", .heartbeat, at: now)
        heartbeat.testimonies = [
            Testimony(subject: Dot(host: host("b"), epoch: Epoch(10), counter: 2), age: .seconds(1))
        ]
        return [late, heartbeat]
    }

    private static func message(of name: String, _ body: InboundMessage.Body, at now: Instant)
        -> InboundMessage
    {
        InboundMessage(
            dot: Dot(host: host(name), epoch: Epoch(10), counter: 50), sequence: 50,
            sent: now + .seconds(3_600),
            arrived: now, interval: .milliseconds(100), body: body, acknowledgedEpoch: nil,
            acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero), clock: [])
    }
}
