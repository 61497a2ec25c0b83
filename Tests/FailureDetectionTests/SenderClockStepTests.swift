import CausalClock
import Testing

@testable import FailureDetection

/// A sender whose clock loses time is not a sender that is late.
@Suite("a peer's clock that was set back")
struct SenderClockStepTests {
    private static let interval = TimeSpan.milliseconds(200)

    /// Feeds heartbeats that are sent on time, with the sender's clock behind by `lag` from the 41st on.
    ///
    /// - Returns: how many of those arrived after their deadline.
    private func lateHeartbeats(lag: TimeSpan) throws -> Int {
        let id = try #require(HostID("b"))
        let settings = PeerSettings(
            id: id, mode: .heartbeatAndPing, interval: Self.interval,
            detector: .median(margin: .milliseconds(20)),
            retries: 5, minimumTimeout: .milliseconds(25), maximumTimeout: .seconds(1),
            startupGrace: .seconds(2))
        var peer = Peer(settings, at: Instant(nanoseconds: 0))
        peer.beginIncarnation(Epoch(1))
        peer.roundTrip.record(.milliseconds(1))
        var late = 0
        for number in 1...140 {
            let time = Instant(nanoseconds: 0) + Self.interval * Int64(number)
            let hasJumped = number > 40
            peer.heard(heartbeat: LifeSign(sent: hasJumped ? time - lag : time, arrived: time))
            if hasJumped, peer.deadline <= time { late += 1 }
        }
        return late
    }

    @Test("is relearnt within four heartbeats, whatever it lost", arguments: [1, 10, 86_400])
    func relearnt(seconds: Int64) throws {
        #expect(try lateHeartbeats(lag: .seconds(seconds)) <= 4)
    }

    @Test("a clock that gained time makes nothing late")
    func gained() throws {
        #expect(try lateHeartbeats(lag: .seconds(-10)) == 0)
    }

    @Test("heartbeats that were held back and arrive in a bunch are late, and no jump")
    func bunched() {
        var jump = SenderClockStep()
        let sent = Instant(nanoseconds: 0)
        for number in 0..<50 {
            // Sent an interval apart, all let through together.
            let sign = LifeSign(sent: sent + Self.interval * Int64(number), arrived: sent + .seconds(20))
            let isJump = jump.note(
                sign, lateness: .seconds(1), interval: Self.interval, roundTrip: .zero)
            #expect(!isJump)
        }
    }

    @Test("a path that has become slow shows in the round trip, and is no jump")
    func slowPath() {
        var jump = SenderClockStep()
        for number in 0..<50 {
            let sent = Instant(nanoseconds: 0) + Self.interval * Int64(number)
            let sign = LifeSign(sent: sent, arrived: sent + .milliseconds(700))
            let isJump = jump.note(
                sign, lateness: .milliseconds(600), interval: Self.interval, roundTrip: .milliseconds(700))
            #expect(!isJump)
        }
    }
}
