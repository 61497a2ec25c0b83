import Glibc
import LinuxIO
import StatusAPI
import SuspectControl
import Synchronization
import Testing

/// Reports that the tests show.
enum Sample {
    /// The present moment of every test: 2023-11-14 22:13:20 UTC.
    static let now = 1_700_000_000_000_000

    /// A peer that has been in its state for 4.2 s.
    static func peer(_ id: String, _ state: ReportedState, address: String = "10.0.0.2:7946") -> PeerReport {
        var peer = PeerReport(
            id: id, address: address, state: state, sinceUSec: now - 4_200_000,
            heartbeatIntervalUSec: 200_000,
            detector: "median", mode: "heartbeat+ping")
        peer.epoch = 1_699_990_000
        peer.lastHeardUSec = state == .trusted ? now - 80_000 : now - 5_000_000
        peer.rttUSec = 350
        peer.marginUSec = 400_000
        if state == .suspected {
            peer.cause = .crash
            peer.certainty = .proved
            peer.suspicions = 1
        }
        return peer
    }

    /// A measured target of 1 s; a `limit` says which part is not kept.
    static func target(limit: String?, promised: Int = 7_200_000_000) -> TargetReport {
        TargetReport(
            detectionTimeUSec: 1_000_000, mistakeRecurrenceUSec: 2_592_000_000_000,
            mistakeDurationUSec: 60_000_000, limit: limit, boundUSec: 1_000_000,
            promisedRecurrenceUSec: promised, intervalUSec: 300_000, peerIntervalUSec: 300_000,
            marginUSec: 400_000, retries: 0, pingTimeoutUSec: 7_300, measured: true, lossPerMillion: 200_000,
            lossAfterLossPerMillion: 500_000, delayDeviationUSec: 5_000, roundTripUSec: 350, retunedUSec: now)
    }

    static let evidence: EvidenceReport = {
        var evidence = EvidenceReport(reason: "It was due 4.4 s ago and answered none of 2 pings.")
        evidence.detector = "median"
        evidence.deadlineUSec = now - 4_400_000
        evidence.lastHeardUSec = now - 5_000_000
        evidence.lastSequence = 4711
        evidence.heartbeatIntervalUSec = 200_000
        evidence.probes = [
            ProbeReport(sentUSec: now - 4_400_000, timeoutUSec: 10_000),
            ProbeReport(
                sentUSec: now - 4_390_000, timeoutUSec: 20_000, answeredUSec: now - 4_389_000, rttUSec: 900),
        ]
        evidence.heardByOthers = [
            RelayReport(
                witness: "db3", atUSec: now - 5_100_000, dot: DotText(id: "db2", epoch: 9, counter: 7))
        ]
        evidence.acknowledges = AcknowledgementReport(highest: 90, sent: 100, lostPerMille: 3)
        evidence.ownLagUSec = 12
        return evidence
    }()

    static func event(_ number: Int, _ kind: ReportedEventKind, _ peer: String?) -> EventReport {
        EventReport(
            timeUSec: now - 4_200_000, dot: DotText(id: "db1", epoch: 1, counter: number), event: kind,
            peer: peer,
            cause: kind == .suspect ? .crash : nil, certainty: kind == .suspect ? .proved : nil,
            evidence: EvidenceReport(reason: "a reason"))
    }
}

/// Keeps what a command writes.
final class CapturedOutput: ControlOutput, Sendable {
    let isTerminal: Bool
    private let texts = Mutex((results: "", remarks: ""))

    init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

    var results: String { texts.withLock { $0.results } }
    var remarks: String { texts.withLock { $0.remarks } }

    func write(_ text: String) { texts.withLock { $0.results += text } }
    func writeError(_ text: String) { texts.withLock { $0.remarks += text } }
}

/// A command that runs in a thread of its own.
final class RunningCommand: Sendable {
    let output = CapturedOutput()
    private let exitStatus = Mutex<Int32?>(nil)

    init(_ arguments: [String]) throws {
        let thread = try BackgroundThread(name: "command") { [self] in
            let status = SuspectControl.run(arguments, in: testContext(output))
            exitStatus.withLock { $0 = status }
        }
        _ = consume thread
    }

    /// The exit status, once there is one.
    var status: Int32? { exitStatus.withLock { $0 } }
}

/// A context in which it is always the same time, in UTC.
func testContext(_ output: CapturedOutput, environment: [String: String] = [:]) -> ControlContext {
    setenv("TZ", "UTC", 1)
    return ControlContext(
        environment: { environment[$0] }, output: output, wallClockUSec: { Sample.now })
}

/// Runs a command to its end.
func control(
    _ arguments: [String], environment: [String: String] = [:], isTerminal: Bool = false
) -> (status: Int32, results: String, remarks: String) {
    let output = CapturedOutput(isTerminal: isTerminal)
    let status = SuspectControl.run(arguments, in: testContext(output, environment: environment))
    return (status, output.results, output.remarks)
}

/// Waits for a condition, and records an issue when it does not come true within ten seconds.
func waitUntil(_ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    for _ in 0..<5000 {
        if condition() { return }
        restBriefly()
    }
    Issue.record("the condition did not come true in time", sourceLocation: sourceLocation)
}

/// A short rest between two checks a condition.
func restBriefly() { poll(nil, 0, 2) }

/// This process's id.
func getProcessID() -> Int32 { getpid() }

/// This process's user.
func getUserID() -> UInt32 { geteuid() }

/// A folder that goes with the test.
final class TemporaryFolder {
    private let path: String
    private var files: [String] = []

    init() throws {
        path = "/tmp/suspectctl-test-\(getpid())-\(UInt64.random(in: 0...(.max)))"
        try #require(mkdir(path, 0o700) == 0)
    }

    deinit {
        for file in files { unlink(file) }
        rmdir(path)
    }

    /// The path of a file that will be made.
    func path(_ name: String) -> String {
        files.append("\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// The text of a file; empty when there is none.
    func text(_ name: String) -> String {
        String(decoding: ((try? DurableFile.read("\(path)/\(name)")) ?? nil) ?? [], as: UTF8.self)
    }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        files.append(file)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        return file
    }
}
