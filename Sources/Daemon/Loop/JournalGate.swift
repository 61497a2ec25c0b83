internal import FailureDetection
internal import Systemd

/// Which notes about peers go to the journal: a few of each kind about one peer in ten seconds, and in any case the last one about
/// each peer.
///
/// Without the last one the journal of a peer that comes and goes could end with "is trusted" while it is suspected.
struct JournalGate {
    /// What makes two notes of one kind: what happened, and to which host.
    private struct Kind: Equatable {
        var id: MessageID?
        var peer: String
    }

    private struct HeldNote {
        var entry: JournalEntry
        var kind: Kind
        var heldAt: Instant
    }

    /// How long a note is held back before it is written as the last one.
    private static let delay = TimeSpan.seconds(10)

    private var limiter = RateLimiter<Kind>(interval: Duration(delay))
    /// The latest note about each peer, where it was held back.
    private var held: [String: HeldNote] = [:]

    /// When the next note that was held back is to be written; `.never` for none.
    var deadline: Instant { held.values.reduce(.never) { min($0, $1.heldAt + Self.delay) } }

    /// Takes a note.
    ///
    /// - Parameters:
    ///   - entry: the note.
    ///   - peer: the host that it is about.
    ///   - now: the present instant.
    /// - Returns: what to write now; `nil` if it is held back.
    mutating func admit(_ entry: JournalEntry, about peer: String, at now: Instant) -> JournalEntry? {
        let kind = Kind(id: entry.messageID, peer: peer)
        guard case .admitted(let suppressed) = limiter.admit(kind, at: .nanoseconds(now.nanoseconds)) else {
            held[peer] = HeldNote(entry: entry, kind: kind, heldAt: now)
            return nil
        }
        held[peer] = nil
        return entry.noting(suppressed: suppressed)
    }

    /// Takes the notes that were held back ten seconds ago and are still the last about their peers.
    ///
    /// - Parameter now: the present instant.
    /// - Returns: what to write now, the oldest first.
    mutating func takeDue(at now: Instant) -> [JournalEntry] {
        guard deadline <= now else { return [] }
        let due = held.filter { $0.value.heldAt + Self.delay <= now }
        for peer in due.keys { held[peer] = nil }
        return due.values.sorted { $0.heldAt < $1.heldAt }.map { note in
            var entry = note.entry
            entry.message += " (written \((now - note.heldAt).microseconds / 1_000_000) s late)"
            return entry.noting(suppressed: limiter.forget(note.kind) - 1)
        }
    }
}
