internal import LinuxIO
internal import Systemd

/// The thread that writes to the service manager and the journal, both of which can block, and the queue to it.
///
/// The watchdog's signs of life go through the same queue, put there by the loop: a loop that hangs still trips the
/// watchdog, and a journal that hangs does too.
struct OutputThread: ~Copyable {
    private let queue: BoundedQueue<OutputMessage>
    private let thread: BackgroundThread
    /// Messages that found the queue full.
    private(set) var lost: UInt64 = 0

    init() throws(SystemCallError) {
        let queue = BoundedQueue<OutputMessage>(capacity: 1_024)
        self.queue = queue
        thread = try BackgroundThread(name: "writer") {
            var writer = OutputWriter(notifier: Notifier(), journal: Journal(identifier: "suspectd"))
            while let message = queue.dequeue() { writer.perform(message) }
        }
    }

    /// Hands a message over; never waits.
    mutating func write(_ message: OutputMessage) {
        if !queue.tryEnqueue(message) { lost += 1 }
    }

    /// Writes what is queued, and ends.
    consuming func finish() {
        queue.close()
        thread.join()
    }
}
