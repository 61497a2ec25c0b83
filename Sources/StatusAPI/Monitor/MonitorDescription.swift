extension MonitorInterface {
    /// The interface in Varlink's own language: what introspection shows and what is installed as a file.
    ///
    /// A test holds it against the Codable types, field by field.
    package static let description = """
        # What a suspectd daemon knows: which of its peers it suspects of having failed, and why.
        #
        # Points in time are wall-clock microseconds since 1970 (sinceUSec, deadlineUSec, ...); durations are
        # microseconds too and say what they measure (rttUSec, silenceUSec, ...). There are no floats.
        interface io.suspectd.Monitor

        \(vocabulary)
        \(peerTypes)
        \(evidenceTypes)
        \(statusTypes)
        \(causalityTypes)
        \(causalityMethods)
        \(methods)
        """

    private static let vocabulary = """
        # unknown: never heard. pending: overdue and being pinged. left: announced a planned stop.
        type State (unknown, trusted, pending, suspected, left)

        # crash: nobody hears it, or its port is closed. link: others hear it. inbound: it hears us, we do not
        # hear it. outbound: we hear it, it does not hear us. isolated: we lost everyone.
        type Cause (crash, link, inbound, outbound, isolated, unknown)

        # proved: by acknowledgements or vector clocks. suspected: the likeliest explanation.
        type Certainty (proved, suspected)

        # What can happen.
        type EventKind (
          start, stop, suspect, trust, pending, confirm, restart, leave, isolated, rejoined, asymmetric,
          flapping, conflict, config, stall
        )

        """

    private static let peerTypes = """
        # An observer that suspects a peer.
        type Witness (
          id: string,
          # When we first heard of it
          sinceUSec: int,
          # The observer's event, as id@epoch:counter
          dot: ?string,
          cause: ?Cause,
          certainty: ?Certainty,
          # No echo: its own timeout, or it had heard of nobody else's suspicion
          independent: bool,
          # It had heard of another's suspicion before its own
          afterAnother: bool,
          # We trust the observer now, in the life in which it said so
          trusted: bool,
          # It adds to the quorum now
          counted: bool
        )

        # What is asked of the detection of a peer, and what was derived from it.
        type Target (
          # Asked for
          detectionTimeUSec: int,
          mistakeRecurrenceUSec: int,
          mistakeDurationUSec: int,
          # Why the path does not allow it: detection_time, mistake_duration or peer_interval
          limit: ?string,
          # From a crash to the suspicion, with the settings in effect
          boundUSec: int,
          # Between two mistakes, with the settings in effect
          promisedRecurrenceUSec: int,
          # How often we send to the peer
          intervalUSec: int,
          # How often it sends, for which the margin is meant
          peerIntervalUSec: int,
          marginUSec: int,
          retries: int,
          pingTimeoutUSec: int,
          # Until then the path is assumed
          measured: bool,
          # In the worse direction
          lossPerMillion: int,
          # Of the messages after a lost one
          lossAfterLossPerMillion: int,
          delayDeviationUSec: int,
          roundTripUSec: ?int,
          retunedUSec: int
        )

        # What is known of one peer.
        type Peer (
          id: string,
          # host:port
          address: string,
          # 0 until it was heard
          epoch: int,
          state: State,
          cause: ?Cause,
          certainty: ?Certainty,
          # A quorum of independent witnesses agrees
          confirmed: bool,
          # When it entered its state
          sinceUSec: int,
          lastHeardUSec: ?int,
          # Smoothed round-trip time
          rttUSec: ?int,
          heartbeatIntervalUSec: int,
          # When it will be overdue, or became so
          deadlineUSec: ?int,
          # Its datagrams to us that were lost, of a thousand
          lossInPerMille: int,
          # Our datagrams to it that were lost, of a thousand
          lossOutPerMille: int,
          # Since the daemon started
          suspicions: int,
          # Of these the wrong ones
          mistakes: int,
          witnesses: []Witness,
          # As named in the configuration
          detector: string,
          # heartbeat+ping, heartbeat or ping
          mode: string,
          # The safety margin of the detector
          marginUSec: ?int,
          # How far heartbeats stray from their interval
          jitterUSec: ?int,
          # Where [detection.target] is set
          target: ?Target
        )

        """

    private static let evidenceTypes = """
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

        # What a peer's acknowledgements say of our datagrams to it.
        type Acknowledgement (
          # The highest link sequence number of ours that it has acknowledged
          highest: int,
          # The highest that was sent
          sent: int,
          lostPerMille: int
        )

        # What a verdict rests on.
        type Evidence (
          # One English sentence
          reason: string,
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
          # Whether it hears us
          acknowledges: ?Acknowledgement,
          # The worst lag of our own loop in the time judged
          ownLagUSec: int,
          # How far this host should distrust its own eyes, 0 to 8
          ownLagScore: int,
          # Datagrams that our kernel dropped in the time judged
          kernelDrops: int,
          # How many observers suspect the peer independently, ourselves included
          observers: int,
          # How many of them are a quorum; absent when there are too few members for one
          quorum: ?int
        )

        # Something that happened.
        type Event (
          timeUSec: int,
          # The event's own name, as id@epoch:counter
          dot: string,
          event: EventKind,
          # Absent when the event concerns this daemon alone
          peer: ?string,
          cause: ?Cause,
          certainty: ?Certainty,
          evidence: Evidence
        )

        """

    private static let statusTypes = """
        # How well the daemon itself can see.
        type Health (
          # How late the loop woke last
          loopLagUSec: int,
          loopLagMaximumUSec: int,
          # How far this host should distrust its own eyes, 0 to 8; waits are a sixteenth longer for each point
          lagScore: int,
          # How often it was away for so long that deadlines had to move
          stalls: int,
          lastStallUSec: ?int,
          lastStallDurationUSec: ?int,
          # Datagrams dropped by our kernel because our queue was full
          kernelDrops: int
        )

        # Which configuration is in force.
        type Configuration (
          path: string,
          loadedUSec: int,
          # Why the last reload was refused
          lastReloadFailed: ?string
        )

        # How many datagrams were refused for one reason.
        type Drop (reason: string, count: int)

        # The daemon itself, and how many of its peers are in which state.
        type Status (
          node: string,
          epoch: int,
          version: string,
          pid: int,
          startedUSec: int,
          uptimeUSec: int,
          peers: int,
          trusted: int,
          pending: int,
          suspected: int,
          left: int,
          unknown: int,
          # We hear nobody: the failure is probably ours
          isolated: bool,
          isolatedSinceUSec: ?int,
          health: Health,
          # Datagrams are authenticated by a key
          authenticated: bool,
          configuration: Configuration,
          dropped: []Drop,
          # The refused ones included
          datagramsReceived: int,
          datagramsSent: int,
          # The line that systemctl status shows
          statusText: string
        )

        """

    private static let methods = """
        # The daemon itself, and the counts of its peers.
        method GetStatus() -> (status: Status)

        # Every peer, sorted by id.
        method ListPeers() -> (peers: []Peer)

        # One peer.
        method GetPeer(id: string) -> (peer: Peer)

        # Events as they happen; requires more. The first reply comes at once and holds every peer, unless
        # snapshot is false; then one reply an event. A client that does not read is disconnected.
        method Subscribe(snapshot: ?bool) -> (event: ?Event, peers: ?[]Peer)

        # Events that happened, oldest first: the last so many, or all that are kept.
        method ListEvents(last: ?int) -> (events: []Event)

        # What a peer's state rests on now, and what happened to it before.
        method Why(id: string) -> (peer: Peer, evidence: Evidence, history: []Event)

        # Who suspects a peer, and whether they are a quorum. own is our suspicion; observers counts those who add
        # to the quorum, ourselves included; quorum is absent when there are too few members for one.
        method Witnesses(id: string) -> (
          peer: Peer, own: ?Witness, observers: int, quorum: ?int, members: int
        )

        # Reads the configuration again; for root and the daemon's own user.
        method Reload() -> (warnings: []string)

        # No peer has this id.
        error NoSuchPeer (id: string)

        # The new configuration was refused; the old one stays in force.
        error ReloadFailed (errors: []string)

        """
}
