internal import LinuxIO
internal import Systemd

/// The thread that writes to the service manager and the journal, both of which can block, and the queue to it.
///
/// The watchdog's keep-alives go through the same queue, put there by the loop: a loop that hangs still trips the
/// watchdog, and a journal that hangs does too.
struct OutputThread: ~Copyable {
    /// Puts messages into the queue, from any thread.
    struct Sender: Sendable {
        fileprivate let queue: BoundedQueue<OutputMessage>

        /// Hands a message over; never waits, and drops it when the queue is full.
        func write(_ message: OutputMessage) { _ = queue.tryEnqueue(message) }
    }

    private let queue: BoundedQueue<OutputMessage>
    private let ended: WakeupDescriptor
    /// Messages that found the queue full.
    private(set) var lost: UInt64 = 0

    init() throws(SystemCallError) {
        let queue = BoundedQueue<OutputMessage>(capacity: 1_024)
        let ended = try WakeupDescriptor()
        _ = try BackgroundThread(name: "writer") {
            var writer = OutputWriter(notifier: Notifier(), journal: Journal(identifier: "suspectd"))
            while let message = queue.dequeue() { writer.perform(message) }
            ended.signal()
        }
        self.queue = queue
        self.ended = ended
    }

    /// For other threads that have something to say.
    var sender: Sender { Sender(queue: queue) }

    /// Hands a message over; never waits.
    mutating func write(_ message: OutputMessage) {
        if !queue.tryEnqueue(message) { lost += 1 }
    }

    /// Writes what is queued, and ends.
    ///
    /// A journal or a terminal that does not read must not keep the process from ending: after two seconds what is
    /// left is given up.
    consuming func finish() throws(SystemCallError) {
        queue.close()
        try ended.wait(milliseconds: 2_000)
    }
}
