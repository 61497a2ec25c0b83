internal import Glibc
internal import Synchronization

/// Work handed from the loop to a thread: the loop never waits, the thread always does.
package final class BoundedQueue<Element: Sendable>: Sendable {
    private let state: Mutex<Ring<Element>>
    private let available: Semaphore

    /// Allocates space for `capacity` elements, once.
    package init(capacity: Int) {
        precondition(capacity > 0, "a queue of \(capacity)")
        state = Mutex(Ring(capacity: capacity))
        available = Semaphore()
    }

    /// Hands an element over and never waits; false when the queue is full or closed.
    ///
    /// The element is then the caller's to drop and to count.
    package func tryEnqueue(_ element: Element) -> Bool {
        let accepted = state.withLock { $0.append(element) }
        if accepted { available.signal() }
        return accepted
    }

    /// Takes the oldest element, and waits for one; nil when the queue is closed and empty.
    package func dequeue() -> Element? {
        available.wait()
        let element = state.withLock { $0.removeFirst() }
        // The token of `close` is passed on, so that every waiting reader learns of it.
        if element == nil { available.signal() }
        return element
    }

    /// Takes no more elements; readers get what is left and then nil.
    package func close() {
        let wasOpen = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if wasOpen { available.signal() }
    }

    /// How many elements wait.
    package var count: Int { state.withLock { $0.count } }
}

/// First in, first out, in storage that never grows.
private struct Ring<Element: Sendable>: Sendable {
    private var slots: [Element?]
    private var head = 0
    private(set) var count = 0
    var isClosed = false

    init(capacity: Int) {
        slots = Array(repeating: nil, count: capacity)
    }

    mutating func append(_ element: Element) -> Bool {
        guard !isClosed, count < slots.count else { return false }
        slots[(head + count) % slots.count] = element
        count += 1
        return true
    }

    mutating func removeFirst() -> Element? {
        guard count > 0 else { return nil }
        defer {
            slots[head] = nil
            head = (head + 1) % slots.count
            count -= 1
        }
        return slots[head]
    }
}

/// A counting semaphore.
///
/// The corresponding C type is `sem_t`, which must not move: hence the allocation.
private final class Semaphore: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<sem_t>

    init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: sem_t())
        sem_init(storage, 0, 0)
    }

    deinit {
        sem_destroy(storage)
        storage.deallocate()
    }

    func signal() {
        sem_post(storage)
    }

    func wait() {
        _ = uninterrupted { sem_wait(storage) }
    }
}
