extension MonitorInterface {
    /// The types of the methods that ask for causes and effects.
    static let causalityTypes = """
        # provedFalse: the peer acted after it was suspected, in the same incarnation. crashConfirmed: it began a new
        # one, or its events continue above its last words. linkFault: it acted in the same incarnation, and the link or this host had been blamed, rightly.
        type Outcome (provedFalse, crashConfirmed, linkFault, undecided)

        # before: the first event could have influenced the second. concurrent: neither the other.
        type Order (before, after, concurrent, same, unknown)

        # One suspicion of this daemon's own.
        type Suspicion (
          # The event that was the suspicion, as id@epoch:counter
          dot: string,
          peer: string,
          # The peer's incarnation; absent when it had never been heard
          epoch: ?int,
          timeUSec: int,
          # Absent while it lasts
          endedUSec: ?int,
          # The latest cause that was given while it lasted
          cause: Cause,
          outcome: Outcome,
          # The peer's event that proves the outcome, as id@epoch:counter
          proof: ?string
        )

        # How good the suspicions of one peer were since the daemon started.
        type PeerAudit (
          id: string,
          suspicions: int,
          provedFalse: int,
          linkFaults: ?int,
          crashConfirmed: int,
          undecided: int,
          # How long those proved false lasted in all
          mistakeUSec: int
        )

        # The latest event of another host that could have influenced this daemon.
        type ClockEntry (
          dot: string,
          # How long ago it was learnt
          ageUSec: ?int
        )

        # A vector clock.
        type Clock (
          # The daemon's own latest event
          dot: string,
          # Whether all that could have influenced the daemon is in it; otherwise it is a lower bound
          exact: bool,
          entries: []ClockEntry
        )

        # How far one host had come, and which hosts it suspected.
        type CutFront (
          # Its latest event in the state
          dot: string,
          # Its latest event at which it reported which hosts it suspects; the same as dot when that is current
          reported: ?string,
          # When that arrived; absent for the daemon itself
          reportedUSec: ?int,
          suspects: []CutSuspicion
        )

        # One of those that a host suspected.
        type CutSuspicion (peer: string, cause: Cause, certainty: Certainty)

        """

    /// The methods that ask for causes and effects.
    static let causalityMethods = """
        # The latest suspicions of this daemon, oldest first, and whether they were right; of one peer, or of all, those
        # included that a reload has removed.
        method Audit(id: ?string) -> (suspicions: []Suspicion, peers: []PeerAudit)

        # What this daemon knows of the events of all hosts.
        method GetClock() -> (clock: Clock)

        # Which host suspects which in a state that all hosts may be in together: all that could have influenced this daemon's
        # latest event. If not exact, hosts may have been further.
        method GetCut() -> (exact: bool, fronts: []CutFront)

        # Which of two events came first, as far as this daemon's recent events show, and the events whose clocks do.
        method HappenedBefore(left: string, right: string) -> (order: Order, certainty: ?Certainty, basis: []string)

        # The events that show two daemons with one identity, or an impossible past.
        method ListConflicts() -> (conflicts: []Event)

        """
}
