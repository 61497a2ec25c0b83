internal import CausalClock
internal import FailureDetection
internal import Records

/// What a member writes in the name of another one.
package enum RecordLie: String, Sendable, CaseIterable {
    /// Its services do what they do not, and it has one more; in events that it has had.
    case services
    /// It suspects a third host.
    case view
    /// It has left, and is of another version.
    case member
    /// It is removed.
    case removal
    /// Its services, in events that it has not had yet.
    case unseen = "unseen events"
    /// Its services, in an incarnation that begins in an hour.
    case later = "later incarnation"
    /// The same, in one that begins in two days.
    case future
    /// What it said in an incarnation that is over.
    case retired
    /// A host that no one knows has a service.
    case stranger
    /// Its services, and steps of repairs that lead nowhere, as many as may be sent.
    case flood

    /// Whether only a restart of the one that is lied about ends it soon: three times, and then once an hour, a host begins a
    /// later incarnation on its own.
    var needsRestart: Bool { self == .unseen || self == .later }

    /// Whether others may hold what it says for as long as it is repeated: where the present incarnation is declared to be
    /// over, and where there are more lies than overrides (docs/SECURITY.md).
    func obscures(perSecond rate: Int) -> Bool {
        needsRestart || rate > 5 && (self == .services || self == .flood)
    }

    /// What is known of the host that is lied about.
    struct Subject: Sendable {
        /// Its latest event.
        var latest: Dot
        /// What it says of its services, and in which events.
        var services: [Record]
        /// Another host, as views name it, and its incarnation.
        var third: (place: UInt64, epoch: Epoch)
    }

    private static let (hour, twoDays) = (UInt64(3_600), UInt64(172_800))

    /// A message with such a lie.
    func message(about subject: Subject, using random: inout VirtualRandom) -> RepairMessage {
        switch self {
        case .flood where random.happens(0.5): Self.junk(using: &random)
        case .view: .records([view(about: subject)])
        case .member:
            .records([Record(.member(MemberFacts(version: "forged", hasLeft: true)), at: subject.latest)])
        case .removal: .records([Record(removing: subject.latest.host, upTo: subject.latest.epoch)])
        default: .records(services(of: subject, using: &random))
        }
    }

    private func view(about subject: Subject) -> Record {
        let report = SuspicionReport(
            subject: subject.third.place, epoch: subject.third.epoch, counter: subject.latest.counter,
            verdict: Verdict(.crash, .proved))
        return Record(.view(View(suspects: [report])), at: subject.latest)
    }

    private func services(of subject: Subject, using random: inout VirtualRandom) -> [Record] {
        let ghost = ServiceName("ghost").map {
            Record(.service($0, ServiceFacts(state: .up)), at: subject.latest)
        }
        return (subject.services + [ghost].compactMap { $0 }).compactMap { truth in
            guard let name = truth.key.service else { return nil }
            let report = ServiceFacts(
                state: random.pick([.up, .failed, .hung]), certainty: .proved, generation: random.next() >> 16
            )
            // In the event of the true record, or in the latest one.
            let event = self == .services && random.happens(0.5) ? truth.dot : subject.latest
            return Record(.service(name, report), at: moved(event))
        }
    }

    /// The event in whose name it is written.
    private func moved(_ event: Dot) -> Dot {
        let (epoch, counter) = (event.epoch.value, event.counter)
        return switch self {
        case .unseen: Dot(host: event.host, epoch: event.epoch, counter: counter + 1 << 20)
        case .later: Dot(host: event.host, epoch: Epoch(epoch + Self.hour), counter: counter)
        case .future: Dot(host: event.host, epoch: Epoch(epoch + Self.twoDays), counter: counter)
        case .retired: Dot(host: event.host, epoch: Epoch(max(epoch, 2) - 1), counter: counter)
        case .stranger:
            HostID("stranger").map { Dot(host: $0, epoch: event.epoch, counter: counter) } ?? event
        default: event
        }
    }

    /// A step of a repair that leads nowhere.
    private static func junk(using random: inout VirtualRandom) -> RepairMessage {
        let section: RecordSection = random.happens(0.5) ? .members : .facts
        let hashes = (0..<RepairMessage.maximumHashes).map { _ in random.next() }
        let nodes = (0..<RepairMessage.maximumNodes).compactMap { _ in
            RepairNode(prefix: .root, children: (0..<16).map { _ in random.next() })
        }
        return random.pick([
            .compare(section, nodes), .summary(section, .root, hashes), .fetch(section, .root, hashes),
        ])
    }
}
