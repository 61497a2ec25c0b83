import StatusAPI

/// Reports with every field set, so that a forgotten one is noticed.
enum Full {
    static let evidence: EvidenceReport = {
        var evidence = EvidenceReport(
            reason: "db2 was due 1.2 s ago and answered none of 2 pings",
            finding: "it answered none of 2 pings")
        evidence.detector = "median"
        evidence.deadlineUSec = 1_700_000_000_600_000
        evidence.overdueUSec = 1_200_000
        evidence.lastHeardUSec = 1_700_000_000_000_000
        evidence.lastSequence = 4711
        evidence.silenceUSec = 1_800_000
        evidence.heartbeatIntervalUSec = 200_000
        evidence.probes = [
            ProbeReport(sentUSec: 1, timeoutUSec: 2, answeredUSec: 3, rttUSec: 4),
            ProbeReport(sentUSec: 5, timeoutUSec: 6),
        ]
        evidence.portUnreachableUSec = 1_700_000_000_700_000
        evidence.heardByOthers = [RelayReport(witness: "db3", atUSec: 7, dot: dot)]
        evidence.acknowledges = AcknowledgementReport(highest: 90, sent: 100, lostPerMille: 3)
        evidence.ownLagUSec = 12
        evidence.ownLagScore = 1
        evidence.kernelDrops = 1
        evidence.postponements = [PostponementReport(reason: "it acknowledges late", byUSec: 150_000)]
        evidence.observers = 2
        evidence.quorum = 3
        return evidence
    }()

    static let dot = DotText(id: "db1", epoch: 1_700_000_000, counter: 42)

    static let witness: WitnessReport = {
        var witness = WitnessReport(id: "db3", sinceUSec: 9, dot: dot)
        witness.cause = .crash
        witness.certainty = .suspected
        witness.afterAnother = true
        return witness
    }()

    static let peer: PeerReport = {
        var peer = PeerReport(
            id: "db2", address: "[::1]:7946", state: .suspected, sinceUSec: 1_700_000_001_000_000,
            heartbeatIntervalUSec: 200_000, detector: "median", mode: "heartbeat+ping")
        peer.epoch = 1_699_999_999
        peer.cause = .crash
        peer.certainty = .proved
        peer.confirmed = true
        peer.lastHeardUSec = 1_700_000_000_000_000
        peer.outboundSinceUSec = 1_700_000_000_000_000
        peer.rttUSec = 350
        peer.deadlineUSec = 1_700_000_000_600_000
        peer.lossInPerMille = 7
        peer.lossOutPerMille = 8
        peer.suspicions = 2
        peer.mistakes = 1
        peer.linkFaults = 1
        peer.restarts = 3
        peer.mistakeDurationUSec = 11
        peer.mistakeRecurrenceUSec = 12
        peer.accuracyPerMillion = 999_999
        peer.detectionTimeBoundUSec = 13
        peer.lossDelayUSec = 17
        peer.level = 8_000
        peer.witnesses = [witness]
        peer.marginUSec = 400_000
        peer.jitterUSec = 150
        peer.target = TargetReport(
            detectionTimeUSec: 1_000_000, mistakeRecurrenceUSec: 86_400_000_000,
            mistakeDurationUSec: 60_000_000,
            limit: "detection_time", boundUSec: 1_200_000, promisedRecurrenceUSec: 90_000_000_000,
            intervalUSec: 300_000, peerIntervalUSec: 310_000, marginUSec: 600_000, retries: 2,
            pingTimeoutUSec: 100_000, measured: true,
            lossPerMillion: 20_000, lossAfterLossPerMillion: 500_000, delayDeviationUSec: 5_000,
            roundTripUSec: 350, retunedUSec: 10)
        peer.refused = RefusedReport(
            reason: "unopened", count: 21, lastUSec: 14, source: "[::1]:7946", claimedID: "db2.example",
            advice: "another key?")
        peer.unsent = UnsentReport(
            error: "Operation not permitted", count: 29, lastUSec: 15, advice: "its firewall")
        peer.payload = PayloadReport(limitBytes: 1_000, lostBytes: 1_100, advice: "its MTU")
        return peer
    }()

    static let event: EventReport = {
        var event = EventReport(
            timeUSec: 1_700_000_001_000_000, dot: dot, event: .suspect, peer: "db2", cause: .crash,
            certainty: .proved, evidence: evidence)
        event.service = "postgres"
        event.state = .failed
        event.detail = "signal 9"
        event.generation = 3
        event.endedUSec = 1_700_000_000_900_000
        event.detectionTimeUSec = 500_000
        event.level = 3_000
        return event
    }()

    static let service = ServiceReport(
        host: "db2", service: "postgres", state: .unknown, cause: "signal", certainty: .proved,
        detail: "signal 9", generation: 3, restarts: 2, sinceUSec: 1_700_000_001_000_000,
        hostState: .suspected, reported: .failed)

    static let heartbeats = RecordReply(
        epoch: 1_699_999_999, heartbeatIntervalUSec: 200_000,
        heartbeats: [HeartbeatReport(sequence: 4711, sentNSec: 1_000_000_001, arrivedNSec: 2_000_000_002)])

    static let status: StatusReport = {
        var status = StatusReport(
            node: "db1", epoch: 1_700_000_000, version: "0.1.0", pid: 99, startedUSec: 1, uptimeUSec: 2,
            authenticated: true,
            configuration: ConfigurationReport(path: "/etc/x.toml", loadedUSec: 3, lastReloadFailed: "no"))
        status.count([.trusted, .suspected])
        status.isolated = true
        status.isolatedSinceUSec = 4
        status.health.lastStallUSec = 5
        status.health.lagScore = 2
        status.health.lastStallDurationUSec = 6
        status.health.readLagUSec = 7
        var log = CausalLogReport()
        (log.lost, log.failing) = (5, "no room")
        status.causalLog = log
        status.unstored = "no room"
        status.names = NamesReport(unresolved: 1, waiting: 2, reason: "resolve db3: unknown")
        status.dropped = [DropReport(reason: "unknown-peer", count: 7)]
        status.strangers = RefusedReport(
            reason: "unknown-peer", count: 7, lastUSec: 16, source: "10.0.0.9:7946", claimedID: "db9.example",
            advice: "add it")
        status.datagramsReceived = 8
        status.datagramsSent = 9
        status.statusText = "Watching 2 peers: 1 trusted, 1 suspected (db2, 1.8 s, crash)"
        return status
    }()
}

/// A daemon that knows two peers.
struct FakeProvider: MonitorProvider {
    let userID: UInt32 = 500
    var logLevel = LogLevel.info
    let environment = ["LANG=C.UTF-8", "NOTIFY_SOCKET=/run/systemd/notify"]
    var reloads = 0
    var refusal: ReloadFailure?
    var isReloading = false
    var peerCount = 2
    var conflicts = 0
    var opened: [MonitorStream] = []
    var subscriptionProblem: String?

    func status() -> StatusReport { Full.status }

    func peers() -> [PeerReport] {
        (0..<peerCount).reversed().map { number in
            var peer = Full.peer
            if number > 0 { peer.id = "peer\(number)" }
            return peer
        }
    }

    func peer(_ id: String) -> PeerReport? { id == Full.peer.id ? Full.peer : nil }

    func explanation(of id: String) -> WhyReply? {
        peer(id).map {
            var reply = WhyReply(peer: $0, evidence: Full.evidence, history: [Full.event])
            reply.ranks = [RankReport(rank: "silence", finding: "2 pings unanswered")]
            return reply
        }
    }

    func witnesses(of id: String) -> WitnessesReply? {
        peer(id).map {
            WitnessesReply(peer: $0, own: Full.witness, observers: 2, quorum: 2, members: 3)
        }
    }

    func serviceReports() -> [ServiceReport] { [Full.service] }

    mutating func alive(_ parameters: AliveParameters, from caller: VarlinkCaller) throws(VarlinkError) {
        guard parameters.service == Full.service.service else {
            throw MonitorInterface.noSuchService(ServiceParameters(host: "db1", service: parameters.service))
        }
        guard caller.userID == 0 || parameters.withinUSec == nil else {
            throw MonitorInterface.aliveRefused("process 1 is not of the service")
        }
    }

    func explanation(of service: ServiceParameters) -> WhyServiceReply? {
        guard service.id == Full.service.id else { return nil }
        return WhyServiceReply(
            service: Full.service,
            layers: [LayerReport(layer: "process", finding: "it ended 2 s ago, as the kernel reports")],
            history: [Full.event])
    }

    func events(last: Int?) -> [EventReport] {
        var conflict = Full.event
        conflict.event = .conflict
        let events = [Full.event, Full.event] + Array(repeating: conflict, count: conflicts)
        return Array(events.suffix(last ?? .max))
    }

    mutating func open(_ stream: MonitorStream) throws(VarlinkError) -> Bool {
        if let subscriptionProblem { throw MonitorInterface.subscriptionRefused(subscriptionProblem) }
        opened.append(stream)
        return true
    }

    mutating func reload() throws(ReloadFailure) -> [String]? {
        if let refusal { throw refusal }
        guard !isReloading else { return nil }
        reloads += 1
        return ["margin is smaller than the interval"]
    }
}

/// A session, its service and its provider, driven by texts.
struct Conversation {
    var provider = FakeProvider()
    var session: VarlinkSession
    let service = MonitorInterface.service(version: "0.1.0")

    init(userID: UInt32 = 1000, limits: VarlinkLimits = VarlinkLimits()) {
        session = VarlinkSession(caller: VarlinkCaller(userID: userID, processID: 1), limits: limits)
    }

    /// Continues as another user, over a connection of its own.
    mutating func become(userID: UInt32) {
        session = VarlinkSession(caller: VarlinkCaller(userID: userID, processID: 1))
    }

    /// Sends a call's text with its terminator and returns the replies' texts.
    mutating func call(_ text: String) throws(VarlinkDisconnect) -> [String] {
        try send(text + "\0")
        return takeReplies()
    }

    mutating func send(_ text: String) throws(VarlinkDisconnect) {
        try send([UInt8](text.utf8))
    }

    mutating func send(_ bytes: [UInt8]) throws(VarlinkDisconnect) {
        try session.receive(bytes, service: service, handler: &provider)
    }

    mutating func advance() throws(VarlinkDisconnect) {
        try session.advance(service: service, handler: &provider)
    }

    mutating func takeReplies() -> [String] {
        var bytes: [UInt8] = []
        while !session.pendingOutput.isEmpty {
            let chunk = session.pendingOutput.prefix(1000)
            bytes += chunk
            session.consumeOutput(chunk.count)
        }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The text of a call.
func callText(_ method: String, _ parameters: String = "{}", more: Bool = false) -> String {
    "{\"method\":\"\(method)\",\"parameters\":\(parameters),\"more\":\(more)}"
}
