internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import Sealing
internal import StatusAPI
internal import Systemd
internal import Wire

/// Everything the daemon knows, and nothing it does: the endpoint, the configuration, the history.
///
/// The event loop changes it; copies of it are what the status socket shows (`StatusView`).
struct NodeState: Sendable {
    var endpoint: Endpoint
    var addresses = AddressBook()
    var history = EventHistory()
    var wall = WallClock()
    /// How the epoch in use is kept.
    var epochStorage = EpochStorage()
    /// Whether clients do not reach the status socket.
    var lacksStatusSocket = false
    /// The one instant of the present turn.
    var now: Instant
    /// For how long no process watched before this process went on with an earlier one's incarnation; `nil` for a
    /// new incarnation.
    var away: TimeSpan?
    /// How many numbers of events this process has passed over at its start.
    var skippedEvents: UInt64 = 0
    /// Whether the network reaches our sockets.
    var isReachable = false
    /// What is to be reported at the end of the turn.
    private(set) var announcements: [Announcement] = []
    /// What is to be reported to the service manager at the end of the turn.
    var notifications: [Notification] = []

    /// The least urgent level that is to be written to the journal, and the one that its writer knows.
    var wantedLogLevel = LogLevel.info
    var writtenLogLevel = LogLevel.info

    /// Which configuration is in force: counts the reloads.
    var reloads = 0
    /// What the receive buffers were made for.
    var space: ReceiveBufferSizing.Request?

    /// The reloads that were reported recently.
    var reportedReloads = RateLimiter<JournalPriority>(burst: 10)

    /// What was lost besides refused datagrams.
    var losses = Losses()
    /// What of the latest isolation is reported.
    var isolationReport = IsolationReport()
    /// Since when each peer was last known not to hear this node, in wall-clock microseconds.
    var outboundSince: [HostID: Int] = [:]
    /// What is kept of peers that were removed.
    var former = FormerPeers()
    /// What could not be sent, by peer and error.
    var sendErrors = SendErrors()
    /// The notes on refused and unsent datagrams, by reason.
    var troubleNotes = RateLimiter<String>(burst: 20)
    /// This host's services.
    var services = LocalServices()
    /// How the causal log fares; `nil` when none is kept.
    var causalLog: CausalLogCondition?
    /// The call that a copy of this value is answering; never of use to the loop.
    var call = StatusCall()

    var configuration: LoadedConfiguration
    /// The keys in force, in the order of the configuration; `nil` for none.
    var keyring: Keyring?
    let path: String
    let started: Instant
    var loaded: Instant
    var reloadFailure: String?

    /// The state of a daemon that begins an incarnation.
    init(
        configuration: LoadedConfiguration, path: String, monitor: Monitor, keyring: Keyring?,
        addresses kept: KeptAddresses = KeptAddresses(), at now: Instant
    ) {
        self.configuration = configuration
        self.path = path
        self.keyring = keyring
        self.now = now
        started = now
        loaded = now
        let peers = configuration.settings.peers
        endpoint = Endpoint(monitor, hash: BLAKE2bHash())
        endpoint.setSealer(keyring)
        endpoint.setQuorum(FailureDetection.Quorum(configuration.settings.quorum))
        addresses.recall(kept)
        addresses.configure(peers, at: now, endpoint: &endpoint)
    }

    /// The line for `systemctl status`.
    var statusText: String {
        let isOpenToNetwork = isReachable && configuration.settings.security.keys.isEmpty
        var text = StatusText.text(of: endpoint, isOpenToNetwork: isOpenToNetwork, at: now)
        for part in [serviceText, refusalText] { if let part { text += "; \(part)" } }
        if epochStorage.failure != nil { text += "; the state directory cannot be written" }
        if lacksStatusSocket { text += "; the status socket cannot be reached" }
        return text
    }

    /// Takes what the detector has to report: for all that listen, and for the look-up of names.
    mutating func take(_ notice: Notice) {
        announce(
            Announcement(
                notice, endpoint: endpoint, wall: wall, logsPings: logsPings,
                isFirstContact: isolationReport.hadHeardNone))
        if notice.kind == .isolated || notice.kind == .rejoined {
            isolationReport.hadHeardNone = !endpoint.monitor.hasHeardPeers
        }
        guard notice.kind == .suspect || notice.kind == .asymmetric else { return }
        if notice.kind == .asymmetric, let peer = notice.peer {
            outboundSince[peer] = wall.microseconds(notice.at)
        }
        guard let place = notice.peer.flatMap({ endpoint.monitor.index(of: $0) }) else { return }
        addresses.noteFailure(ofPeer: place, at: now)
    }

    /// Puts the events of an earlier process before those of this one.
    mutating func recall(_ events: [EventReport]) {
        let own = history.all
        history = EventHistory()
        for event in events + own {
            history.append(event)
            guard event.event == .asymmetric, let peer = event.peer.flatMap({ HostID($0) }) else { continue }
            outboundSince[peer] = event.timeUSec
        }
    }

    /// Says something at the end of the turn.
    mutating func announce(_ announcement: Announcement) {
        announcements.append(announcement)
        if let event = announcement.event, announcement.isKept { history.append(event) }
    }

    /// Says something about the daemon itself; what is `passing`, only to those that watch.
    mutating func announce(
        _ kind: ReportedEventKind, _ sentence: String, priority: JournalPriority, id: MessageID,
        fields: [JournalField] = [], passing: Bool = false
    ) {
        let event = EventReport(
            timeUSec: wall.microseconds(now), dot: DotText(endpoint.monitor.clock.dot), event: kind,
            evidence: EvidenceReport(reason: sentence))
        let fields = [JournalField(.event, kind.rawValue)] + fields
        let entry = passing ? nil : JournalEntry(priority, sentence, id: id, fields: fields)
        announce(Announcement(event: event, entry: entry, isPassing: passing))
    }

    /// Says what the configuration allows but probably does not mean.
    mutating func announceWarnings() {
        for warning in configuration.warnings {
            announce(
                .config, warning.description, priority: .warning, id: .configuration,
                fields: [JournalField(.file, path)])
        }
    }

    /// Takes what is to be reported to the service manager.
    mutating func takeNotifications() -> [Notification] {
        guard !notifications.isEmpty else { return [] }
        defer { notifications = [] }
        return notifications
    }

    /// Takes what is to be reported.
    mutating func takeAnnouncements() -> [Announcement] {
        guard !announcements.isEmpty else { return [] }
        defer { announcements = [] }
        return announcements
    }
}

extension NodeState: MonitorProvider {
    var userID: UInt32 { geteuid() }

    func status() -> StatusReport {
        let clock = endpoint.monitor.clock
        var status = StatusReport(
            node: clock.owner.description, epoch: Int(clamping: clock.epoch.value),
            version: ReleaseVersion.text,
            pid: Int(getpid()), startedUSec: wall.microseconds(started),
            uptimeUSec: Int((now - started).microseconds),
            authenticated: !configuration.settings.security.keys.isEmpty,
            configuration: ConfigurationReport(
                path: path, loadedUSec: wall.microseconds(loaded), lastReloadFailed: reloadFailure),
            health: HealthReport(endpoint.monitor.health, at: now, wall: wall))
        status.count((0..<endpoint.monitor.count).map { ReportedState(endpoint.monitor.state(ofPeer: $0)) })
        status.isolated = endpoint.monitor.isolatedSince != nil
        status.isolatedSinceUSec = endpoint.monitor.isolatedSince.map(wall.microseconds)
        status.dropped = refusals + losses.reports + refusedRecords
        status.strangers = endpoint.refusalsFromStrangers.map { RefusedReport($0, wall: wall) }
        status.datagramsReceived = Int(clamping: endpoint.accepted)
        status.datagramsSent = Int(clamping: endpoint.sent)
        status.causalLog = causalLog?.present
        status.unstored = epochStorage.failure
        status.names = names
        status.statusText = statusText
        return status
    }

    private var refusals: [DropReport] {
        Refusal.allCases.filter { endpoint.count(of: $0) > 0 }.map {
            DropReport(reason: $0.name, count: Int(clamping: endpoint.count(of: $0)))
        }
    }

    func peers() -> [StatusAPI.PeerReport] { (0..<endpoint.monitor.count).map(peer(at:)) }

    func has(peer id: String) -> Bool { endpoint.index(ofPeer: id) != nil }

    func peer(_ id: String) -> StatusAPI.PeerReport? { endpoint.index(ofPeer: id).map(peer(at:)) }

    func explanation(of id: String) -> WhyReply? {
        guard let index = endpoint.index(ofPeer: id) else { return nil }
        let report = endpoint.monitor.report(ofPeer: index)
        let evidence = endpoint.monitor.evidence(of: index)
        let places = PeerPlaces(ofPeer: index, in: endpoint)
        let reason = reason(for: report, evidence, places, at: index)
        var reply = WhyReply(
            peer: peer(at: index),
            evidence: EvidenceReport(evidence, reason: reason, lossOut: report.lossOut, at: now, wall: wall),
            history: history.concerning(id))
        reply.ranks = Wording.ranks(evidence, places, at: now)
        return reply
    }

    /// What the state of the peer at `index` rests on, in one sentence.
    private func reason(
        for report: FailureDetection.PeerReport, _ evidence: Evidence, _ places: PeerPlaces, at index: Int
    ) -> String {
        var reason = Wording.reason(
            evidence, places, state: report.state, verdict: report.verdict, at: now)
        if report.state == .suspected, report.verdict?.cause == .isolated, endpoint.monitor.hasHeardPeers {
            reason += "; \(isolationText)"
        }
        reason += whereabouts(ofPeer: index, in: report.state)
        if report.target?.limit != nil { reason += "; " + Wording.target(report.target) }
        if let finding = endpoint.payloadFinding(ofPeer: index) {
            reason += "; " + Wording.sentence(finding, peer: report.id)
        }
        return reason
    }

    func witnesses(of id: String) -> WitnessesReply? {
        guard let index = endpoint.index(ofPeer: id) else { return nil }
        return WitnessesReply(peer: peer(at: index), at: index, in: endpoint.monitor, wall: wall)
    }

    func events(last: Int?) -> [EventReport] { history.last(last) }

    private func peer(at index: Int) -> StatusAPI.PeerReport {
        let report = endpoint.monitor.report(ofPeer: index)
        let resolved = endpoint.address(ofPeer: index).map { SocketAddress($0).description }
        var shown = StatusAPI.PeerReport(
            report, address: resolved ?? addresses.configured(index), wall: wall)
        shown.addFigures(of: endpoint.monitor, at: index, now)
        if let verdict = report.verdict, report.state == .suspected, report.lastHeard == nil {
            shown.cause = ReportedCause(verdict, by: endpoint.monitor.evidence(of: index))
        }
        if shown.cause == .outbound { shown.outboundSinceUSec = outboundSince[report.id] }
        shown.refused = refused(from: index)
        shown.unsent = unsent(to: index)
        shown.payload = endpoint.payloadFinding(ofPeer: index).map { PayloadReport($0) }
        shown.witnesses = endpoint.monitor.witnesses(ofPeer: index).map {
            WitnessReport($0, against: index, in: endpoint.monitor, wall: wall)
        }
        return shown
    }
}
