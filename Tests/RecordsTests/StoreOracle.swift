import CausalClock

@testable import Records

/// What a store has to hold, computed from the whole set of records, by the text of the rules and without regard to cost.
struct StoreOracle {
    let records: [Record]

    init(_ all: [Record], members: [HostID]) {
        let removed = { (host: HostID) in
            all.filter { $0.host == host && $0.key.kind == .removed }.map(\.epoch).max() ?? Epoch(0)
        }
        let present = all.filter {
            $0.key.kind != .removed && $0.epoch > removed($0.host) && members.contains($0.host)
        }
        let latest = { (host: HostID) in present.filter { $0.host == host }.map(\.epoch).max() ?? Epoch(0) }
        let valid = present.filter { $0.key.kind == .member || $0.epoch == latest($0.host) }
        let newest = Dictionary(grouping: valid, by: \.key).values.compactMap { $0.max(by: Self.isEarlier) }
        let kept = Dictionary(grouping: newest.filter { $0.key.kind == .service }, by: \.host).values.flatMap
        {
            $0.sorted { ($1.counter, $1.key) < ($0.counter, $0.key) }.prefix(RecordStore.maximumServices)
        }
        let subjects = Set(all.filter { $0.key.kind == .removed }.map(\.host))
        records =
            (newest.filter { $0.key.kind != .service } + kept
            + subjects.map { Record(removing: $0, upTo: removed($0)) }).sorted { $0.key < $1.key }
    }

    /// By event, incarnation first; of one event the smaller hash is the later.
    private static func isEarlier(_ left: Record, _ right: Record) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.counter != right.counter { return left.counter < right.counter }
        return hash(left) > hash(right)
    }

    private static func hash(_ record: Record) -> UInt64 {
        var encoder = RecordEncoder()
        return Names.hash.of(encoded: encoder.encode(record))
    }
}

extension RecordStore {
    /// All that it holds, by key.
    var contents: [Record] {
        (records(.members) + records(.facts)).sorted { $0.key < $1.key }
    }
}
