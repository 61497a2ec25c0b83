internal import CausalClock
internal import FailureDetection
internal import Records
internal import Wire

/// What hosts hold of each other's records.
extension WorldChecks {
    /// All trouble is long over: all hosts that run hold the same records, and these say what is so.
    package mutating func judgeRecords(in world: World) {
        guard world.publishesRecords, settings.watched >= settings.nodes - 1 else { return }
        let running = (0..<settings.nodes).filter { world.hosts[$0].endpoint != nil }
        guard let first = running.first, let expected = world.hosts[first].endpoint?.records.digests else {
            return
        }
        for place in running {
            guard let store = world.hosts[place].endpoint?.records else { continue }
            if store.digests != expected {
                report(
                    .records, at: world.now,
                    "\(world.hosts[place].id) and \(world.hosts[first].id) hold different records")
            }
            for author in running { judge(store, of: author, heldBy: place, in: world) }
            judgeForgery(of: store, heldBy: place, among: running, in: world)
        }
    }

    /// Nothing is left of what others wrote in the name of a host, and nothing waits.
    private mutating func judgeForgery(
        of store: RecordStore, heldBy place: Int, among running: [Int], in world: World
    ) {
        let (id, waiting) = (store.owner, world.hosts[place].endpoint?.waitingRecords ?? 0)
        if waiting > 0 {
            report(.records, at: world.now, "\(waiting) records wait at \(id) though all is well")
        }
        if store.count > settings.nodes * (RecordStore.maximumServices + 3) {
            report(.bounds, at: world.now, "\(id) holds \(store.count) records")
        }
        if let violation = store.violatedInvariant {
            report(.invariants, at: world.now, "\(id): \(violation)")
        }
        let ids = running.map { world.hosts[$0].id }
        for author in ids {
            let facts = store.record(RecordKey(.member, author))?.member
            if store.removedThrough(author) != nil
                || facts.map({ $0.hasLeft || $0.version == "forged" }) ?? true
            {
                report(.records, at: world.now, "\(id) holds of \(author) that it has left or was removed")
            }
            guard settings.promisesAccuracy, let view = store.record(RecordKey(.view, author))?.view else {
                continue
            }
            for subject in ids where view.report(about: store.hash.of(host: subject)) != nil {
                report(.records, at: world.now, "\(id) holds that \(author) suspects \(subject)")
            }
        }
    }

    private mutating func judge(_ store: RecordStore, of author: Int, heldBy place: Int, in world: World) {
        let host = world.hosts[author]
        let held = store.services(of: host.id)
        let isRight =
            held.map(\.name) == host.services.map(\.name) && held.map(\.report) == host.services.map(\.report)
        guard !isRight else { return }
        let states = { (reports: [ServiceFacts]) in reports.map { "\($0.state)" }.joined(separator: ", ") }
        report(
            .records, at: world.now,
            "\(world.hosts[place].id) holds of \(host.id): \(states(held.map(\.report))), not "
                + states(host.services.map(\.report)))
    }
}
