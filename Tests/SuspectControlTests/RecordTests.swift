import StatusAPI
import Testing

@testable import SuspectControl

/// From heartbeats to a trace.
@Suite("Recording a trace")
struct RecordTests {
    private static let interval = 200_000_000

    private func heartbeat(_ step: Int, sequence: Int, delay: Int = 1_000_000) -> HeartbeatReport {
        let sent = 5_000_000_000 + step * Self.interval
        return HeartbeatReport(
            sequence: sequence, sentNSec: sent, arrivedNSec: 900_000_000_000 + sent + delay)
    }

    private func lines(_ heartbeats: [HeartbeatReport], roundTripNSec: Int = 0) -> [Substring] {
        var recorder = TraceRecorder(roundTripNSec: roundTripNSec)
        let text = heartbeats.map { recorder.take($0, intervalNSec: Self.interval) }.joined()
        return (text + recorder.finish()).split(separator: "\n")
    }

    @Test("heartbeats are numbered, and the stamps moved so that the fastest took half a round trip")
    func clocks() {
        let trace = lines(
            [
                heartbeat(0, sequence: 40, delay: 9_000_000), heartbeat(1, sequence: 41),
                heartbeat(2, sequence: 42),
            ],
            roundTripNSec: 600_000)
        // The delay of the fastest was 900 s and 1 ms by the clocks, and is 0.3 ms in the trace.
        #expect(
            trace == [
                "1,905000700000,905009000000", "2,905200700000,905201000000", "3,905400700000,905401000000",
            ])
    }

    @Test("a gap in time and numbers is a loss; numbers of pings are none, and neither is a sender's pause")
    func losses() {
        let trace = lines([
            heartbeat(0, sequence: 1), heartbeat(3, sequence: 4),  // two lost
            heartbeat(4, sequence: 9),  // pings in between
            heartbeat(9, sequence: 10),  // the sender paused
        ])
        #expect(
            trace.map { $0.split(separator: ",", omittingEmptySubsequences: false)[0] } == [
                "1", "2", "3", "4", "5", "6",
            ])
        #expect(trace.filter { $0.hasSuffix(",") } == ["2,905201000000,", "3,905401000000,"])
    }

    @Test("an extra heartbeat between two regular ones gets a number of its own")
    func extra() {
        let early = HeartbeatReport(sequence: 2, sentNSec: 5_010_000_000, arrivedNSec: 905_011_000_000)
        #expect(lines([heartbeat(0, sequence: 1), early, heartbeat(1, sequence: 3)]).count == 3)
    }

    @Test("nonsense stamps and numbers are tolerated")
    func nonsense() {
        let wild = [
            HeartbeatReport(sequence: 1, sentNSec: 0, arrivedNSec: 0),
            HeartbeatReport(sequence: 1 << 60, sentNSec: 1 << 60, arrivedNSec: 1),
            HeartbeatReport(sequence: 0, sentNSec: .min, arrivedNSec: 1 << 60),
            HeartbeatReport(sequence: .max, sentNSec: .max, arrivedNSec: .max),
        ]
        #expect(lines(wild).count == 4)
    }

    @Test("record writes a file that replay reads, plain or compressed", arguments: ["t.csv", "t.csv.gz"])
    func file(name: String) throws {
        let daemon = try start()
        defer { daemon.stop() }
        let folder = try TemporaryFolder()
        let path = folder.path(name)
        let command = try RunningCommand([
            "record", "db2", "--count", "30", "-o", path, "--socket", daemon.path,
        ])
        waitUntil { daemon.subscribers == 1 }
        for step in 0..<30 { try daemon.send(reply(heartbeat(step, sequence: step + 1))) }
        waitUntil { command.status != nil }
        #expect(command.status == 0, "\(command.output.remarks)")
        #expect(command.output.remarks.hasSuffix("suspectctl: 30 heartbeats in 5.8 s, 0 lost\n"))
        let replay = control(["replay", path, "--detector", "fixed", "--parameter", "1"])
        #expect(replay.status == 0, "\(replay.remarks)")
    }

    @Test("a trace is of one incarnation: it ends when the peer restarts, and says so")
    func restart() throws {
        let daemon = try start()
        defer { daemon.stop() }
        let command = try RunningCommand(["record", "db2", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        try daemon.send(reply(heartbeat(0, sequence: 1)))
        try daemon.send(reply(heartbeat(0, sequence: 1), epoch: 1_700_000_009))
        waitUntil { command.status != nil }
        #expect(command.status == 1)
        #expect(command.output.results.split(separator: "\n").count == 2)
        #expect(command.output.remarks.contains("the peer has restarted"))
    }

    @Test("the trace is complete when the daemon goes")
    func daemonGoes() throws {
        let daemon = try start()
        let command = try RunningCommand(["record", "db2", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        try daemon.send(reply(heartbeat(0, sequence: 1)))
        waitUntil { daemon.isIdle }
        daemon.stop()
        waitUntil { command.status != nil }
        #expect(command.status == 1)
        #expect(command.output.results.hasPrefix("seq,send_ns,recv_ns\n1,"))
        #expect(command.output.remarks.contains("the daemon is gone"))
    }

    @Test(
        "what cannot be recorded is refused",
        arguments: [
            (["record", "ghost"], 4), (["record", "db2", "--count", "0"], 64),
            (["record", "db2", "--duration", "0s"], 64),
            (["record", "db2", "-o", "/no/such/folder/t.csv"], 1),
        ] as [([String], Int32)])
    func refused(arguments: [String], status: Int32) throws {
        let daemon = try start()
        defer { daemon.stop() }
        #expect(control(arguments + ["--socket", daemon.path]).status == status)
    }

    private func start() throws -> FakeDaemon {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        return try FakeDaemon(state)
    }

    private func reply(_ heartbeat: HeartbeatReport, epoch: Int = 1_699_990_000) throws -> VarlinkMessage {
        try .heartbeats(
            RecordReply(epoch: epoch, heartbeatIntervalUSec: 200_000, heartbeats: [heartbeat]))
    }
}
