import CausalClock
import FailureDetection
import TestSupport
import Testing

@testable import Wire

/// What is kept for the process after this one, as bytes.
@Suite("a snapshot")
struct SnapshotCodecTests {
    static func host(_ name: String) throws -> HostID { try #require(HostID(name)) }

    /// One with every field set to something of its own.
    static func record() throws -> SnapshotCodec.Record {
        var snapshot = MonitorSnapshot(
            id: try host("a"), epoch: Epoch(7), counter: 12_345, taken: Instant(nanoseconds: 999))
        snapshot.isolatedSince = Instant(nanoseconds: 5)
        snapshot.silentCohortLastHeard = Instant(nanoseconds: 4)
        snapshot.clock = [Dot(host: try host("b"), epoch: Epoch(3), counter: 17)]
        snapshot.retired = [RetiredLink(id: try host("z"), last: 4)]
        snapshot.forgottenUpTo = 3
        var peer = PeerSnapshot(
            id: try host("b"), since: Instant(nanoseconds: -1), deadline: Instant(nanoseconds: 77))
        peer.epoch = Epoch(.max)
        peer.state = .suspected
        peer.verdict = Verdict(.link, .proved)
        (peer.suspicionEvent, peer.isAfterAnother, peer.hasVote) = (12_300, true, false)
        peer.suspicions = 2
        (peer.mistakes, peer.linkFaults, peer.confirmed) = (1, 2, 1)
        (peer.mistakeDuration, peer.trustedTime) = (.seconds(3), .seconds(4))
        peer.lastHeard = Instant(nanoseconds: 70)
        peer.interval = .milliseconds(200)
        (peer.roundTrip, peer.variation) = (.microseconds(150), .microseconds(20))
        (peer.detector, peer.samples) = ("median", [1, -2, .min, .max])
        (peer.received.highest, peer.received.bitmap) = (9, 5)
        (peer.received.arrival, peer.received.sent) = (Instant(nanoseconds: 69), Instant(nanoseconds: 68))
        peer.isConfirmed = true
        peer.received.loss = LossCounts(expected: 10, arrived: 9)
        (peer.nextSequence, peer.lossOut) = (31, LossCounts(expected: 30, arrived: 28))
        var silence = SilenceSnapshot(
            began: Instant(nanoseconds: 60), mark: 12_301, markedAt: Instant(nanoseconds: 61))
        (silence.provedAlive, silence.provedHearing) = (Instant(nanoseconds: 62), Instant(nanoseconds: 63))
        silence.hasRestarted = true
        let subject = Dot(host: try host("b"), epoch: Epoch(.max), counter: 8)
        silence.reports = [
            WitnessStatement(
                witness: try host("c"), arrived: Instant(nanoseconds: 64),
                testimony: Testimony(
                    subject: subject, age: .seconds(1), knownOfYou: 5, gotOfYou: 4, isTrusted: true))
        ]
        peer.silence = silence
        let silent = PeerSnapshot(id: try host("c"), since: Instant(nanoseconds: 0), deadline: .never)
        snapshot.peers = [peer, silent]
        return SnapshotCodec.Record(generation: 3, layout: 2, snapshot: snapshot)
    }

    @Test("is read as it was written, also with other bytes behind it")
    func roundTrip() throws {
        let record = try Self.record()
        let bytes = SnapshotCodec.encode(record)
        #expect(try SnapshotCodec.decode(bytes) == record)
        #expect(try SnapshotCodec.decode(bytes + [1, 2, 3]) == record)
        #expect(SnapshotCodec.length(Array(bytes[..<SnapshotCodec.headerLength])) == bytes.count)
    }

    @Test("that is cut off is damaged, wherever it is cut")
    func truncated() throws {
        let bytes = SnapshotCodec.encode(try Self.record())
        for length in 0..<bytes.count {
            #expect(throws: SnapshotCodec.Fault.damaged) { try SnapshotCodec.decode(Array(bytes[..<length])) }
        }
    }

    @Test("of which a bit has flipped is refused, whichever it is")
    func flipped() throws {
        let bytes = SnapshotCodec.encode(try Self.record())
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                #expect(throws: SnapshotCodec.Fault.self) { try SnapshotCodec.decode(damaged) }
            }
        }
    }

    @Test("never traps, however it is damaged, even where the checksum is right")
    func forged() throws {
        let bytes = SnapshotCodec.encode(try Self.record())
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            var forged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                forged[Int.random(in: 20..<forged.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            let checksum = Checksum.crc32c(forged.span, zeroingFourAt: SnapshotCodec.checksumOffset)
            for index in 0..<4 {
                forged[SnapshotCodec.checksumOffset + index] = UInt8(
                    truncatingIfNeeded: checksum >> (8 * UInt32(index)))
            }
            guard let record = try? SnapshotCodec.decode(forged) else { continue }
            let settings = record.snapshot.peers.map(\.id).map { Self.settings($0) }
            guard Set(settings.map(\.id)).count == settings.count else { continue }
            // Whatever it says, a detector can continue from it.
            var monitor = Monitor(
                resuming: record.snapshot, peers: settings, seed: 1, at: Instant(nanoseconds: 1_000))
            var effects = Effects()
            monitor.handle(.wake, at: Instant(nanoseconds: 2_000), into: &effects)
        }
    }

    private static func settings(_ id: HostID) -> PeerSettings {
        PeerSettings(
            id: id, mode: .heartbeatAndPing, interval: .milliseconds(200),
            detector: .median(margin: .milliseconds(20)), retries: 5, minimumTimeout: .milliseconds(25),
            maximumTimeout: .seconds(1), startupGrace: .seconds(2))
    }

    @Test("of another version is distinguished from a damaged one")
    func version() throws {
        var bytes = SnapshotCodec.encode(try Self.record())
        bytes[4] = 9
        #expect(throws: SnapshotCodec.Fault.version(9)) { try SnapshotCodec.decode(bytes) }
    }
}
