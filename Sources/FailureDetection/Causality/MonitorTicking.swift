internal import CausalClock

/// The events of this node.
extension Monitor {
    /// Counts an event of ours and, if a log is kept, notes it there.
    ///
    /// An event that is missing from the log is a gap for all that read it. Two events are counted elsewhere, where
    /// there are no effects, and their callers log them: the start, in `init`, and a new configuration, in
    /// `retune`.
    mutating func tick(
        _ kind: LoggedEventKind, about index: Int? = nil, at now: Instant, verdict: Verdict? = nil,
        label: String = "", from sending: UInt64 = 0, continuing former: Dot? = nil,
        into effects: inout Effects
    ) {
        guard clock.tick() else { return }
        if kind.isStateChange { rememberEvent() }
        guard effects.ticks != nil else { return }
        var note = EventRecord(kind, at: now, on: clock)
        note.peer = index.map { peers[$0].id }
        note.epoch = index.flatMap { peers[$0].epoch }
        note.verdict = verdict
        note.label = label
        note.sending = sending
        note.continued = former
        note.isExact = clock.isExact
        effects.ticks?.append(note, on: clock)
    }

    /// Keeps our latest event with its clock.
    mutating func rememberEvent() { recent.append(present) }
}
