/// What this node did not read in time, or not at all, is no silence of a peer.
extension Monitor {
    /// Notes how late a datagram is read, before it changes anything.
    mutating func noteArrival(_ arrival: Instant, at now: Instant) {
        guard health.read(arrival: arrival, at: now) else { return }
        scheduleAll()
    }

    /// Forgets lateness that is long past; deadlines are back where they were.
    mutating func forgetLateness(at now: Instant) {
        guard health.reading.age(to: now) else { return }
        scheduleAll()
    }

    /// What the kernel dropped may have been any host's.
    mutating func noteDropped(_ count: UInt64, at now: Instant) {
        health.dropped(count, at: now)
        forgiveAll(.zero, at: now)
    }

    mutating func forgiveAll(_ away: TimeSpan, at now: Instant) {
        for index in peers.indices {
            peers[index].forgive(away, at: now)
            schedule(index)
        }
    }
}
