internal import FailureDetection
internal import Records

/// This host's own records while they are held back at its start, so that all go out in one datagram.
///
/// The first record of an incarnation ends, everywhere, what the incarnation before has said of its services; until the
/// present state of all of them is known, the former one is shown.
struct RecordHold: Sendable {
    /// When they go out in any case.
    let until: Instant
    /// The latest of each key.
    private var records: [(key: RecordKey, body: Record.Body)] = []

    init(until: Instant) { self.until = until }

    /// Keeps what is to be published, in the stead of what was to be before.
    mutating func put(_ body: Record.Body, of key: RecordKey) {
        records.removeAll { $0.key == key }
        records.append((key, body))
    }

    /// What is held back of a key.
    func body(of key: RecordKey) -> Record.Body? { records.first { $0.key == key }?.body }

    /// Whether it need not wait any longer: all services are there, or one has failed.
    func isComplete(with services: [ServiceName]?) -> Bool {
        let hasFailure = records.contains { record in
            if case .service(_, let report) = record.body { report.isFailure } else { false }
        }
        guard let services, !hasFailure else { return hasFailure }
        let names = records.compactMap(\.key.service)
        return services.allSatisfy { names.contains($0) }
    }

    /// What is held back, ascending by key.
    var bodies: [Record.Body] { records.sorted { $0.key < $1.key }.map(\.body) }
}
