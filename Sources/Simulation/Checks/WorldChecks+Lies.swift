internal import CausalClock
internal import FailureDetection
internal import Records
internal import Wire

/// A change of a service that the other hosts must know within some seconds, whatever is written in its host's name.
struct KnownService: Sendable {
    /// Within what time each must have known it: forged records slow true ones down by seconds at most.
    static let time = TimeSpan.seconds(8)
    /// How often it is looked whether they do: what is forged holds until it is overridden.
    static let pause = TimeSpan.milliseconds(20)

    let service: ServiceName
    let host: Int
    let report: ServiceFacts
    let at: Instant
    let starts: Int
    /// Those of which it is not known yet that they know it; `nil` before the first look.
    var waiting: [Int]?
    /// How many more times it is looked.
    var looks = 100

    init(_ service: ServiceName, of host: Int, _ report: ServiceFacts, in world: World) {
        (self.service, self.host, self.report, at) = (service, host, report, world.now)
        starts = world.hosts[host].starts
    }
}

/// A lie in records, as things were when it began.
struct LieMark: Sendable {
    let fault: PlannedFault
    let (liar, victim): (Int, Int)
    let lie: RecordLie
    /// How often liar and victim had been started.
    let starts: [Int]
    /// How many conflicts had been reported in the victim's name.
    let conflicts: Int
    /// How many records the victim had refused.
    let refused: UInt64

    /// `nil` for another fault, and for a lie that is repeated so rarely that each may be lost.
    init?(_ fault: PlannedFault, in world: World, _ checks: WorldChecks) {
        guard case .forgedRecords(let liar, let victim, let lie, let rate) = fault.fault, rate >= 5,
            fault.lasts >= .seconds(2)
        else { return nil }
        (self.fault, self.liar, self.victim, self.lie) = (fault, liar, victim, lie)
        starts = [liar, victim].map { world.hosts[$0].starts }
        conflicts = checks.conflicts[victim]
        refused = world.refusedRecords(at: victim)
    }
}

/// Records that members write in the name of others.
extension WorldChecks {
    /// Conflicts of records are reported of none but those in whose name others write.
    mutating func checkRecordConflicts(at place: Int, in world: World) {
        let claims = world.outbox.notices.contains { $0.kind == .conflict && $0.conflict == .ownEvents }
        let ids = world.outbox.recordConflicts + (claims ? [world.hosts[place].id] : [])
        for id in ids {
            guard let host = world.place(of: id), host < settings.nodes else { continue }
            conflicts[host] += 1
            guard !troubles.isSpokenFor(host) else { continue }
            report(
                .proof, at: world.now,
                "\(world.hosts[place].id) sees a conflict in records of \(id), though no other writes in its name"
            )
        }
    }

    /// A lie that was repeated for a while was reported, as a conflict of the one that it is about, or counted.
    mutating func judge(_ mark: LieMark, in world: World) {
        let hosts = [mark.liar, mark.victim]
        guard hosts.map({ world.hosts[$0].starts }) == mark.starts,
            hosts.allSatisfy({ world.hosts[$0].isUp }),
            !troubles.touch(mark.liar, mark.victim, from: mark.fault.begins, to: world.now)
        else { return }
        let isNoted =
            switch mark.lie {
            case .services, .view, .member, .unseen, .later, .flood: conflicts[mark.victim] > mark.conflicts
            case .removal, .future, .stranger: world.refusedRecords(at: mark.victim) > mark.refused
            case .retired: true
            }
        guard !isNoted else { return }
        report(.records, at: world.now, "no one has noticed that \(mark.fault.fault)")
    }

    /// A service has changed a while ago: each host must have known it since.
    ///
    /// - Returns: what is to be asked again soon, because a forged record may just have arrived; `nil` for nothing.
    mutating func judgeKnown(_ change: KnownService, in world: World) -> KnownService? {
        let author = world.hosts[change.host]
        guard author.isUp, author.starts == change.starts, world.publishesRecords,
            !troubles.isObscured(change.host, from: change.at, to: world.now),
            author.services.contains(where: { $0.name == change.service && $0.report == change.report })
        else { return nil }
        var rest = change
        rest.waiting = (change.waiting ?? Array(0..<settings.nodes)).filter {
            lacks(change, at: $0, in: world)
        }
        guard let waiting = rest.waiting, !waiting.isEmpty else { return nil }
        rest.looks -= 1
        guard rest.looks == 0 else { return rest }
        for place in waiting { reportLack(of: change, at: place, in: world) }
        return nil
    }

    /// Whether a host, which could know what a service does, does not.
    private func lacks(_ change: KnownService, at place: Int, in world: World) -> Bool {
        guard place != change.host, let store = world.hosts[place].endpoint?.records,
            // One that has started since learns all by repair, which takes its time.
            let began = world.hosts[place].incarnations.last?.began, began <= change.at,
            !troubles.touch(place, change.host, from: change.at, to: world.now)
        else { return false }
        return !store.services(of: world.hosts[change.host].id).contains {
            $0.name == change.service && $0.report == change.report
        }
    }

    private mutating func reportLack(of change: KnownService, at place: Int, in world: World) {
        let (id, author) = (world.hosts[place].id, world.hosts[change.host].id)
        let age = (world.now - change.at).milliseconds
        report(
            .records, at: world.now,
            "\(id) does not know for \(age) ms what \(change.service) of \(author) does")
    }
}

extension World {
    /// How many records a host has refused.
    fileprivate func refusedRecords(at place: Int) -> UInt64 {
        hosts[place].endpoint.map { endpoint in
            RecordRefusal.allCases.reduce(0) { $0 + endpoint.records.refusals[$1] }
        } ?? 0
    }
}
