internal import FailureDetection

/// The first bytes of the datagrams that were sent to one peer a moment ago.
///
/// An ICMP message quotes the datagram that it is about. An attacker who does not see our datagrams cannot know
/// these bytes: a sealed one begins with a random nonce, an unsealed one with a checksum. Kept in a ring, so
/// nothing is allocated.
struct SentHeads: Sendable {
    /// How many bytes of each are kept: more than the envelope with its nonce.
    static let length = 32
    /// The fewest bytes that a report has to quote.
    static let shortestQuote = 16
    /// For how long a report about a datagram is expected; longer than any round trip that is waited for.
    static let memory = TimeSpan.seconds(2)

    private struct Head {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var count = 0
        var sent = Instant(nanoseconds: .min)
    }

    private var heads = InlineArray<4, Head>(repeating: Head())
    private var next = 0

    /// Remembers a datagram that is sent now.
    mutating func note(_ datagram: Span<UInt8>, at now: Instant) {
        heads[next].count = min(datagram.count, Self.length)
        for index in 0..<heads[next].count { heads[next].bytes[index] = datagram[index] }
        heads[next].sent = now
        next = (next + 1) % heads.count
    }

    /// Whether `quote` begins one of the datagrams that were sent a moment ago.
    func contains(_ quote: Span<UInt8>, at now: Instant) -> Bool {
        guard quote.count >= Self.shortestQuote else { return false }
        return heads.indices.contains { heads[$0].sent + Self.memory >= now && isBegun(by: quote, heads[$0]) }
    }

    private func isBegun(by quote: Span<UInt8>, _ head: Head) -> Bool {
        let count = min(quote.count, head.count)
        guard count >= Self.shortestQuote else { return false }
        for index in 0..<count where head.bytes[index] != quote[index] { return false }
        return true
    }
}
