internal import FailureDetection
internal import Records

/// How many messages of records are read, from one peer or from all of them, and how many records in them.
///
/// Each record costs some microseconds and each step of a repair up to a hundred, where there are thousands of hosts; what
/// is not read is left to repair.
struct RecordBudget: Sendable {
    /// What one peer may send: as many messages as a host sends to all its neighbours together.
    static let peer = RecordBudget(
        messages: TokenBucket(perSecond: RecordSpread.rate, burst: RecordSpread.burst),
        records: TokenBucket(perSecond: 2_000, burst: 4_096),
        steps: TokenBucket(perSecond: 50, burst: 200))
    /// What all may send together.
    static let everyone = RecordBudget(
        messages: TokenBucket(perSecond: 20_000, burst: 4_000),
        records: TokenBucket(perSecond: 20_000, burst: 8_192),
        steps: TokenBucket(perSecond: 1_000, burst: 400))

    private var messages: TokenBucket
    private var records: TokenBucket
    private var steps: TokenBucket

    private init(messages: TokenBucket, records: TokenBucket, steps: TokenBucket) {
        (self.messages, self.records, self.steps) = (messages, records, steps)
    }

    /// Takes what a message costs, if there is enough.
    mutating func take(_ message: RepairMessage, at now: Instant) -> Bool {
        guard messages.take(at: now) else { return false }
        if case .records(let batch) = message { return records.take(batch.count, at: now) }
        return steps.take(at: now)
    }
}
