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
        \(serviceTypes)
        \(statusTypes)
        \(causalityTypes)
        \(causalityMethods)
        \(methods)
        """

    private static let vocabulary = """
        # unknown: never heard. pending: overdue and being pinged. left: announced a planned stop.
        type State (unknown, trusted, pending, suspected, left)

        # crash: no other node hears it, or its port is closed. link: others hear it. inbound: it hears this node, which
        # does not hear it. outbound: the reverse. isolated: it fell silent with all peers, or most.
        # daemon: its host said that its daemon has ended, and not as planned.
        # unknown: the evidence does not distinguish them. neverHeard: this daemon never heard it, so that it may never have run.
        type Cause (crash, link, inbound, outbound, isolated, daemon, unknown, neverHeard)

        # proved: by acknowledgements or vector clocks. suspected: the likeliest explanation; a later version writes
        # likely instead, and accepts both.
        type Certainty (proved, suspected)

        # What can happen. removed: a peer is no longer configured. service: what a service does has changed.
        type EventKind (
          start, stop, suspect, trust, pending, confirm, restart, leave, isolated, rejoined, asymmetric,
          flapping, conflict, config, stall, removed, service
        )

        """

    private static let peerTypes = """
        # An observer that suspects a peer.
        type Witness (
          id: string,
          # When this node first heard of it
          sinceUSec: int,
          # The observer's event, as id@epoch:counter
          dot: ?string,
          cause: ?Cause,
          certainty: ?Certainty,
          # It had heard of another's suspicion before its own
          afterAnother: bool,
          # The observer is trusted now, in the incarnation in which it said so
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
          # What cannot be kept (mistake_recurrence, mistake_duration or detection_time), or what stands in the way
          # (peer_interval)
          limit: ?string,
          # From a crash to the suspicion, with the settings in effect
          boundUSec: int,
          # Between two mistakes, with the settings in effect
          promisedRecurrenceUSec: int,
          # How often this node sends to the peer
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
          # A quorum of independent observers agrees
          confirmed: bool,
          # When it entered its state
          sinceUSec: int,
          # Since when it is known not to hear this node
          outboundSinceUSec: ?int,
          lastHeardUSec: ?int,
          # Smoothed round-trip time
          rttUSec: ?int,
          heartbeatIntervalUSec: int,
          # When it will be overdue, or became so
          deadlineUSec: ?int,
          # Its datagrams to this node that were lost, of a thousand
          lossInPerMille: int,
          # Datagrams of this node to it that were lost, of a thousand
          lossOutPerMille: int,
          # Since the daemon started
          suspicions: int,
          # Of these the wrong ones, that could not be distinguished from a crash
          mistakes: int,
          # Of these the ones that blamed the link or this host, and were right
          linkFaults: ?int,
          # How often it restarted unannounced, since the daemon started
          restarts: ?int,
          # T_M: how long a wrong suspicion lasted on average
          mistakeDurationUSec: ?int,
          # T_MR: from one wrong suspicion to the next on average, while the peer lived
          mistakeRecurrenceUSec: ?int,
          # P_A: of a million moments in which the peer lived, in how many it was trusted
          accuracyPerMillion: ?int,
          # The longest that a crash may go unnoticed, as things stand
          detectionTimeBoundUSec: ?int,
          # By how much later it may be suspected because the link loses messages
          lossDelayUSec: ?int,
          # How suspicious its silence is now, in thousandths, where the detector is phi or exponential
          level: ?int,
          witnesses: []Witness,
          # As named in the configuration
          detector: string,
          # heartbeat+ping, heartbeat or ping
          mode: string,
          # The safety margin of the detector
          marginUSec: ?int,
          # How far round trips stray from rttUSec: their smoothed mean deviation
          jitterUSec: ?int,
          # Where [detection.target] is set
          target: ?Target,
          # From its address
          refused: ?Refused,
          # To it
          unsent: ?Unsent,
          # While large datagrams do not get through to it
          payload: ?Payload
        )

        # Datagrams that were refused: those of the latest reason.
        type Refused (
          reason: string,
          # Since the daemon started
          count: int,
          lastUSec: int,
          source: string,
          # In whose name the latest of an unknown peer was sent, by its own account
          claimedID: ?string,
          # What it means, and what to do
          advice: string
        )

        # Datagrams that this host did not take from the daemon: those of the latest error.
        type Unsent (error: string, count: int, lastUSec: int, advice: string)

        # Datagrams of lostBytes and more do not get through to a peer, so at most limitBytes are sent; without IP and UDP.
        type Payload (limitBytes: int, lostBytes: int, advice: string)

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
          # By how much later silence is judged because datagrams reach the socket late; absent when they come in time
          readLagUSec: ?int,
          # Datagrams dropped by the kernel because the receive buffer was full
          kernelDrops: int
        )

        # Which configuration is in force.
        type Configuration (
          path: string,
          loadedUSec: int,
          # Why the last reload was refused
          lastReloadFailed: ?string
        )

        # How many datagrams were refused for one reason, or lost otherwise: not-sent, receive-error, note-queue-full.
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
          # No peer is heard any more, or most fell silent together: the failure is probably this host's own
          isolated: bool,
          isolatedSinceUSec: ?int,
          health: Health,
          # Datagrams are authenticated by a key
          authenticated: bool,
          configuration: Configuration,
          dropped: []Drop,
          # From addresses of no peer
          strangers: ?Refused,
          # The refused ones included
          datagramsReceived: int,
          datagramsSent: int,
          # Absent when none is kept
          causalLog: ?CausalLog,
          # Why the epoch in use could not be stored: the disk is full, read-only or broken; absent when it is stored
          unstored: ?string,
          # Absent while all resolve
          names: ?Names,
          # The line that systemctl status shows
          statusText: string
        )

        # How the names of the peers fare.
        type Names (
          # How many do not resolve
          unresolved: int,
          # How many have waited for a name server for longer than a second
          waiting: int,
          # Why the first of those that do not resolve does not, and what to do
          reason: ?string
        )

        # How the causal log fares.
        type CausalLog (
          # Entries that were lost since the start
          lost: int,
          # Why entries are being lost now; absent when they are written
          failing: ?string
        )

        """

    private static let methods = """
        # The daemon itself, and the counts of its peers.
        method GetStatus() -> (status: Status)

        # Every peer, sorted by id.
        method ListPeers() -> (peers: []Peer)

        # One peer.
        method GetPeer(id: string) -> (peer: Peer)

        # Events as they happen; requires more. The first reply comes immediately and holds every peer, unless
        # snapshot is false; then one reply an event. A client that does not read is disconnected.
        #
        # With a threshold of its own the subscriber gets its own suspect and trust events, which carry the
        # threshold, instead of the daemon's suspect, pending and trust: after detectionTimeUSec of silence (1000
        # to 86400000000, and no less than the interval that the peer announces), or from level on (10 to 1000000
        # thousandths; detectors phi and exponential). A peer that has been silent for longer is reported immediately.
        # With peers, only of these and their services; db3/postgres names a single service.
        method Subscribe(
          snapshot: ?bool,
          detectionTimeUSec: ?int,
          level: ?int,
          peers: ?[]string
        ) -> (event: ?Event, peers: ?[]Peer)

        # The heartbeats of a peer as they arrive; requires more. The first reply comes immediately and holds none.
        # One that was overtaken by a later one is left out, as it is for the detector.
        method Record(id: string) -> (
          # 0 until the peer was heard; when it changes, the peer has restarted, and its clock with it
          epoch: int,
          heartbeatIntervalUSec: int,
          heartbeats: []Heartbeat
        )

        # Events that happened, oldest first: the last so many, or all that are kept.
        method ListEvents(last: ?int) -> (events: []Event)

        # What a peer's state rests on now, and what happened to it before. ranks has one line for each rank of
        # evidence, the strongest first.
        method Why(id: string) -> (peer: Peer, evidence: Evidence, history: []Event, ranks: ?[]Rank)

        # The services of all hosts that this daemon knows of, or of one, sorted by host and name.
        method ListServices(host: ?string) -> (services: []Service)

        # What the state of a service rests on. layers has one line for each layer of evidence, the strongest first.
        method WhyService(host: string, service: string) -> (
          service: Service, layers: []Layer, history: []Event
        )

        # Says that a service of this host makes progress, and within what time it will again: hung_after, or 100000 to
        # 86400000000. It is for processes of the service, which are in its cgroup while they wait for the reply, and for root.
        method Alive(service: string, withinUSec: ?int) -> ()

        # Which nodes suspect a peer, and whether they are a quorum. own is the suspicion of this node; observers counts those who add
        # to the quorum, this node included; quorum is absent when there are too few members for one.
        method Witnesses(id: string) -> (
          peer: Peer, own: ?Witness, observers: int, quorum: ?int, members: int
        )

        # Reads the configuration again; for root and the daemon's own user.
        method Reload() -> (warnings: []string)

        # No peer has this id.
        error NoSuchPeer (id: string)

        # The host has no service of this name.
        error NoSuchService (host: string, service: string)

        # The call does not count; the reason says what to do.
        error AliveRefused (reason: string)

        # The subscription cannot be served; the reason says what to ask for instead.
        error SubscriptionRefused (reason: string)

        # The new configuration was refused; the old one stays in force.
        error ReloadFailed (errors: []string)

        """
}
