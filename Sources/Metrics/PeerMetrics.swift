internal import StatusAPI

/// The metrics that exist once for each peer; a configuration bounds how many those are.
struct PeerMetrics {
    private let peers: [PeerReport]

    /// The metrics of these peers, sorted by id.
    init(peers: [PeerReport]) {
        self.peers = peers.sorted { $0.id < $1.id }
    }

    /// Every metric of a peer, in a fixed order.
    var families: [MetricFamily] {
        states + times + delays + [losses, payloads] + suspicions + accuracy + outlook
            + targets
    }

    private var states: [MetricFamily] {
        [
            MetricFamily(
                "peer_state", .gauge, "1 for the state that the peer is in, 0 for the others.",
                peers.flatMap { peer in
                    (ReportedState.allCases + (peer.state.isKnown ? [] : [peer.state])).map {
                        .init(peer.state == $0, ["peer": peer.id, "state": $0.rawValue])
                    }
                }),
            MetricFamily(
                "peer_cause", .gauge,
                "1 for the cause of a suspicion or of a broken link, absent without one.",
                peers.compactMap { peer in
                    peer.cause.map { .init(true, ["cause": $0.rawValue, "peer": peer.id]) }
                }),
            MetricFamily(
                "peer_confirmed", .gauge,
                "Whether a quorum of independent observers agrees with a suspicion.",
                peers.map { .init($0.confirmed, ["peer": $0.id]) }),
        ]
    }

    private var times: [MetricFamily] {
        [
            seconds(
                "peer_state_timestamp_seconds", "When the peer entered its state, since 1970.", \.sinceUSec),
            seconds(
                "peer_last_heartbeat_timestamp_seconds",
                "When the peer's last authentic datagram arrived, since 1970.", \.lastHeardUSec),
            seconds(
                "peer_deadline_timestamp_seconds", "When the peer is overdue, since 1970.", \.deadlineUSec),
        ]
    }

    private var delays: [MetricFamily] {
        [
            seconds("peer_round_trip_seconds", "The smoothed round-trip time.", \.rttUSec),
            seconds(
                "peer_jitter_seconds", "The smoothed mean deviation of the round-trip time.",
                \.jitterUSec),
            seconds(
                "peer_heartbeat_interval_seconds", "The interval of the peer's heartbeats.",
                \.heartbeatIntervalUSec),
            seconds("peer_margin_seconds", "The safety margin that the detector adds.", \.marginUSec),
        ]
    }

    private var losses: MetricFamily {
        MetricFamily(
            "peer_loss_ratio", .gauge,
            "The share of datagrams that were lost, from the peer (in) and to it (out).",
            peers.flatMap { peer in
                [("in", peer.lossInPerMille), ("out", peer.lossOutPerMille)].map { direction, perMille in
                    .init(
                        labels: ["direction": direction, "peer": peer.id],
                        value: MetricValue.ratio(perMille: perMille))
                }
            })
    }

    private var payloads: MetricFamily {
        MetricFamily(
            "peer_payload_limit_bytes", .gauge,
            "The most bytes of a datagram that are sent to the peer; absent while large ones get through.",
            peers.compactMap { peer in
                peer.payload.map { .init(labels: ["peer": peer.id], value: "\($0.limitBytes)") }
            })
    }

    private var suspicions: [MetricFamily] {
        [
            MetricFamily(
                "suspicions_total", .counter, "How often the peer was suspected.",
                peers.map { .init(labels: ["peer": $0.id], value: "\($0.suspicions)") }),
            MetricFamily(
                "peer_restarts_total", .counter, "How often the peer restarted without having announced it.",
                peers.map { .init(labels: ["peer": $0.id], value: "\($0.restarts ?? 0)") }),
            MetricFamily(
                "link_faults_total", .counter,
                "How many of these suspicions blamed the link, or this host, and were right.",
                peers.map { .init(labels: ["peer": $0.id], value: "\($0.linkFaults ?? 0)") }),
            MetricFamily(
                "mistakes_total", .counter,
                "How many of these suspicions were wrong: proved false, and not to be distinguished from a crash.",
                peers.map { .init(labels: ["peer": $0.id], value: "\($0.mistakes)") }),
        ]
    }

    /// The quality of service as Chen, Toueg and Aguilera define it.
    private var accuracy: [MetricFamily] {
        [
            seconds(
                "peer_mistake_duration_seconds", "How long a wrong suspicion lasted on average (T_M).",
                \.mistakeDurationUSec),
            seconds(
                "peer_mistake_recurrence_seconds",
                "The time from one wrong suspicion to the next on average (T_MR).", \.mistakeRecurrenceUSec),
            MetricFamily(
                "peer_accuracy_ratio", .gauge,
                "The share of the time the peer lived in which it was trusted (P_A).",
                peers.compactMap { peer in
                    peer.accuracyPerMillion.map {
                        .init(
                            labels: ["peer": peer.id],
                            value: FixedDigits.decimal($0, unit: 1_000_000, digits: 6))
                    }
                }),
        ]
    }

    /// How soon a crash would be noticed, and how suspicious the peer is now.
    private var outlook: [MetricFamily] {
        [
            seconds(
                "peer_detection_time_bound_seconds",
                "The longest that a crash may go unnoticed, as things stand.", \.detectionTimeBoundUSec),
            seconds(
                "peer_loss_delay_seconds",
                "By how much later a crash may be suspected because the link loses messages.", \.lossDelayUSec
            ),
            MetricFamily(
                "peer_suspicion_level", .gauge,
                "How suspicious the peer's silence is, where its detector has levels.",
                peers.compactMap { peer in
                    peer.level.map {
                        .init(
                            labels: ["peer": peer.id], value: FixedDigits.decimal($0, unit: 1_000, digits: 3))
                    }
                }),
        ]
    }

    private var targets: [MetricFamily] {
        [
            MetricFamily(
                "peer_target_kept", .gauge,
                "Whether the peer's target is kept on the measured path; absent without a target.",
                peers.compactMap { peer in peer.target.map { .init(!$0.isMissed, ["peer": peer.id]) } }),
            seconds(
                "peer_promised_mistake_recurrence_seconds",
                "The mean time between two wrong suspicions that the settings derived from a target promise.",
                { $0.target?.promisedRecurrenceUSec }),
        ]
    }

    /// A point in time or a duration of each peer; of those of which it is not known, nothing.
    private func seconds(
        _ name: String, _ help: String, _ microseconds: (PeerReport) -> Int?
    ) -> MetricFamily {
        MetricFamily(
            name, .gauge, help,
            peers.compactMap { peer in
                microseconds(peer).map { .init(labels: ["peer": peer.id], value: MetricValue.seconds($0)) }
            })
    }
}
