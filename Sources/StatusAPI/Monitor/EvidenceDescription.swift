extension MonitorInterface {
    /// What a verdict rests on, and what happened: types of the interface in Varlink's own language.
    static let evidenceTypes = """
        # One ping and what became of it.
        type Probe (
          sentUSec: int,
          # How long an answer was waited for
          timeoutUSec: int,
          answered: bool,
          answeredUSec: ?int,
          rttUSec: ?int
        )

        # News of a peer that came through another one.
        type Relay (
          witness: string,
          atUSec: int,
          # The latest event of the peer that the witness knew, as id@epoch:counter
          dot: string
        )

        # What a peer's acknowledgements say of this node's datagrams to it.
        type Acknowledgement (
          # The highest link sequence number of this node that it has acknowledged
          highest: int,
          # The highest that was sent
          sent: int,
          lostPerMille: int
        )

        # What put a verdict off, and by how much.
        type Postponement (reason: string, byUSec: int)

        # What a verdict rests on.
        type Evidence (
          # One English sentence
          reason: string,
          # What of it an event does not say by its kind, peer and cause; absent where that is all of it
          finding: ?string,
          detector: ?string,
          # When the next sign of life was due
          deadlineUSec: ?int,
          # How long that was ago
          overdueUSec: ?int,
          lastHeardUSec: ?int,
          # The link sequence number of the last datagram
          lastSequence: ?int,
          # How long the peer has been silent
          silenceUSec: ?int,
          heartbeatIntervalUSec: ?int,
          # The pings since the deadline, oldest first
          probes: []Probe,
          # When the peer's host said that the port is closed
          portUnreachableUSec: ?int,
          heardByOthers: []Relay,
          # Whether it hears this node
          acknowledges: ?Acknowledgement,
          # The worst lag of the daemon's loop in the time judged, or by how much later it judges because it reads late
          ownLagUSec: int,
          # How far this host should distrust its own eyes, 0 to 8
          ownLagScore: int,
          # Datagrams that the kernel dropped in the time judged
          kernelDrops: int,
          # What put the verdict off; absent where nothing did
          postponements: ?[]Postponement,
          # How many observers suspect the peer independently, ourselves included
          observers: int,
          # How many of them are a quorum; absent when there are too few members for one
          quorum: ?int
        )

        # What one rank of evidence says: messages, testimony, closed-port, silence or unsent.
        type Rank (rank: string, finding: string)

        # Something that happened.
        type Event (
          timeUSec: int,
          # The event's own name, as id@epoch:counter
          dot: string,
          event: EventKind,
          # Absent when the event concerns this daemon alone
          peer: ?string,
          # The service of that host, what it does now, how it ended, and which activation it is; of services only
          service: ?string,
          state: ?ServiceState,
          detail: ?string,
          generation: ?int,
          # When the activation before ended, where this is a restart
          endedUSec: ?int,
          # A Cause; of a service the cause of a Service
          cause: ?string,
          certainty: ?Certainty,
          # The subscriber's own threshold, where the verdict is by that and not the daemon's
          detectionTimeUSec: ?int,
          # As above, in thousandths
          level: ?int,
          evidence: Evidence
        )

        # A heartbeat that arrived. Neither clock is the wall clock.
        type Heartbeat (
          # Its number on the link, on which pings and pongs have numbers too
          sequence: int,
          # On the sender's clock
          sentNSec: int,
          # On the clock of this node
          arrivedNSec: int
        )

        """
}
