package import CausalClock

/// The kinds of record; the numbers are those on the wire.
package enum RecordKind: UInt8, Sendable, BitwiseCopyable, Comparable, CaseIterable {
    /// That a host was removed by an operator, up to one of its incarnations. It has no author: its key is the subject.
    case removed = 1
    /// What a member says of itself.
    case member = 2
    /// Which neighbours a member suspects.
    case view = 3
    /// What one of a host's services does.
    case service = 4

    /// Orders kinds by urgency: what concerns membership is sent first.
    package static func < (left: RecordKind, right: RecordKind) -> Bool { left.rawValue < right.rawValue }
}

/// What a record is about: of each key a store has one record.
package struct RecordKey: Sendable, BitwiseCopyable, Hashable, Comparable {
    /// The kind of record.
    package let kind: RecordKind
    /// The author; of a removal the subject.
    package let host: HostID
    /// The service; `nil` for every other kind.
    package let service: ServiceName?

    /// Names the record of a kind by `host`.
    package init(_ kind: RecordKind, _ host: HostID, service: ServiceName? = nil) {
        self.kind = kind
        self.host = host
        self.service = service
    }

    /// Orders keys by kind, then by host, then by service.
    package static func < (left: RecordKey, right: RecordKey) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.host != right.host { return left.host < right.host }
        guard let leftName = left.service, let rightName = right.service else {
            return left.service == nil && right.service != nil
        }
        return leftName < rightName
    }
}
