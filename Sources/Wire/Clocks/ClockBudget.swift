internal import FailureDetection

/// How many bytes of clock entries go with one message.
///
/// Full datagrams to a thousand peers every 100 ms would be 100 Mbit/s, to say what mostly no one asks. So many
/// messages share a budget: each carries fewer entries, the most important first, and the others' turn comes.
enum ClockBudget {
    /// Bytes of entries a second, to all peers together.
    static let bytesPerSecond = 1_000_000
    /// Every message has space for these: some fifteen entries.
    static let least = 256

    /// The space for entries in each message of a detector.
    static func space(for monitor: borrowing Monitor) -> Int {
        min(max(bytesPerSecond / max(monitor.messagesPerSecond, 1), least), Envelope.maximumLength)
    }
}
