internal import CausalClock
internal import FailureDetection
internal import Synchronization

/// Events on their way from the loop to the thread that writes them.
///
/// Its storage is kept, and bounded.
struct LogBatch: Sendable {
    /// One entry, or what the writer must know before the next.
    enum Item: Sendable {
        /// An event, its wall clock, and what there is to say of it.
        case event(EventRecord, timeUSec: Int, text: String)
        /// From here on the clock has these entries of others; so many events before were lost on the way.
        case anew([Dot], lost: UInt64)

        /// The incarnation of an event.
        var incarnation: Epoch? {
            if case .event(let note, _, _) = self { note.incarnation } else { nil }
        }
    }

    /// The most events that wait: those of a minute with a hundred peers.
    static let capacity = 32_768

    private(set) var items: [Item] = []
    /// The clock entries that rose, as many for each event as it says.
    private(set) var advanced: [Dot] = []

    var isEmpty: Bool { items.isEmpty }

    /// Whether so many events, with so many clock entries, still fit.
    func hasSpace(for events: Int, _ entries: Int) -> Bool {
        items.count + events <= Self.capacity && advanced.count + entries <= Self.capacity
    }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func append(advanced entries: [Dot]) { advanced.append(contentsOf: entries) }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        advanced.removeAll(keepingCapacity: true)
    }
}

/// Where the loop leaves events and the thread fetches them: neither waits for the other's work.
final class LogHandover: Sendable {
    private let waiting = Mutex(LogBatch())

    /// Adds to what waits.
    ///
    /// - Returns: what `body` returns, and whether nothing waited before: then the thread is to be woken.
    @discardableResult
    func put<Result: Sendable>(_ body: (inout sending LogBatch) -> Result) -> (result: Result, isFirst: Bool)
    {
        waiting.withLock { batch in
            let isFirst = batch.isEmpty
            return (body(&batch), isFirst)
        }
    }

    /// Fetches all that waits in exchange for an empty batch, whose space is used next.
    func exchange(_ batch: inout LogBatch) {
        var fetched = batch
        batch = LogBatch()
        waiting.withLock { swap(&$0, &fetched) }
        batch = fetched
    }
}
