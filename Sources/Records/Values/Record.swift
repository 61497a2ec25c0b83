package import CausalClock

/// A small fact with an author and the author's event, which is spread to every host.
///
/// Of two records with one key the one with the later event replaces the other, incarnation first (`RecordVersion`).
package struct Record: Sendable, Hashable {
    /// What a record says, by its kind.
    package enum Body: Sendable, Hashable {
        /// Which neighbours the author suspects.
        case view(View)
        /// What the author says of itself.
        case member(MemberFacts)
        /// What one of the author's services does.
        case service(ServiceName, ServiceFacts)
        /// That the subject was removed by an operator, in this and all earlier incarnations.
        case removed
    }

    /// The author; of a removal the subject.
    package let host: HostID
    /// The author's incarnation; of a removal the latest incarnation of the subject that it covers.
    package let epoch: Epoch
    /// The author's event; 0 for a removal, which has none.
    package let counter: UInt64
    /// What it says.
    package let body: Body

    /// A record that `dot`'s host wrote in that event.
    package init(_ body: Body, at dot: Dot) {
        self.init(host: dot.host, epoch: dot.epoch, counter: dot.counter, body: body)
    }

    /// The removal of `subject`, in all incarnations up to `epoch`.
    package init(removing subject: HostID, upTo epoch: Epoch) {
        self.init(host: subject, epoch: epoch, counter: 0, body: .removed)
    }

    /// A record as it was read.
    init(host: HostID, epoch: Epoch, counter: UInt64, body: Body) {
        self.host = host
        self.epoch = epoch
        self.counter = counter
        self.body = body
    }

    /// The author's event; of a removal, which has none, the subject's incarnation with the number 0.
    package var dot: Dot { Dot(host: host, epoch: epoch, counter: counter) }

    /// What it is about.
    package var key: RecordKey {
        switch body {
        case .view: RecordKey(.view, host)
        case .member: RecordKey(.member, host)
        case .service(let name, _): RecordKey(.service, host, service: name)
        case .removed: RecordKey(.removed, host)
        }
    }

    /// The view in it, if that is its kind.
    package var view: View? {
        if case .view(let view) = body { view } else { nil }
    }

    /// What a member says of itself, if that is its kind.
    package var member: MemberFacts? {
        if case .member(let facts) = body { facts } else { nil }
    }

    /// What a service does, if that is its kind.
    package var service: ServiceFacts? {
        if case .service(_, let report) = body { report } else { nil }
    }
}

/// Which of two records with one key is the later one.
///
/// The later event is, by incarnation first. One process cannot write two values in one event; of two such records
/// the one with the smaller hash counts as the later, so that all hosts keep the same, and a conflict is reported.
package struct RecordVersion: Sendable, BitwiseCopyable, Hashable, Comparable {
    /// The author's incarnation; of a removal the subject's.
    package let epoch: Epoch
    /// The author's event; 0 for a removal.
    package let counter: UInt64
    /// The keyed hash of the whole record.
    package let hash: UInt64

    /// The version of a record whose keyed hash is `hash`.
    init(_ record: Record, hash: UInt64) {
        epoch = record.epoch
        counter = record.counter
        self.hash = hash
    }

    /// Whether both were written in the same event.
    func isSameEvent(as other: RecordVersion) -> Bool { epoch == other.epoch && counter == other.counter }

    /// Orders versions, the earlier first.
    package static func < (left: RecordVersion, right: RecordVersion) -> Bool {
        (left.epoch.value, left.counter, right.hash) < (right.epoch.value, right.counter, left.hash)
    }
}
