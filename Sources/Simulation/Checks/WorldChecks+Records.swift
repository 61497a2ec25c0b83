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
        }
    }

    private mutating func judge(_ store: RecordStore, of author: Int, heldBy place: Int, in world: World) {
        let host = world.hosts[author]
        let held = store.services(of: host.id)
        let isRight =
            held.map(\.name) == host.services.map(\.name) && held.map(\.report) == host.services.map(\.report)
        guard !isRight else { return }
        let states = { (reports: [ServiceReport]) in reports.map { "\($0.state)" }.joined(separator: ", ") }
        report(
            .records, at: world.now,
            "\(world.hosts[place].id) holds of \(host.id): \(states(held.map(\.report))), not "
                + states(host.services.map(\.report)))
    }
}
