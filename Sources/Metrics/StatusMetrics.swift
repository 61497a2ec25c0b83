package import StatusAPI

/// The metrics of the daemon itself, followed by those of its peers.
package enum StatusMetrics {
    /// Every metric, in a fixed order.
    package static func families(
        _ status: StatusReport, peers: [PeerReport], services: [ServiceReport] = []
    ) -> [MetricFamily] {
        [up(true)] + identity(status) + counts(status) + traffic(status) + health(status)
            + causalLog(status.causalLog) + state(status) + configuration(status.configuration)
            + PeerMetrics(peers: peers).families + ServiceMetrics(services: services).families
    }

    /// Whether the daemon answered.
    package static func up(_ isUp: Bool) -> MetricFamily {
        MetricFamily("up", .gauge, "Whether the daemon answered.", [.init(isUp)])
    }

    private static func identity(_ status: StatusReport) -> [MetricFamily] {
        [
            MetricFamily(
                "build_info", .gauge, "The daemon's version, always 1.",
                [.init(true, ["version": status.version])]),
            MetricFamily(
                "start_time_seconds", .gauge, "When the daemon started, since 1970.",
                value: MetricValue.seconds(status.startedUSec)),
            MetricFamily(
                "authenticated", .gauge, "Whether datagrams are authenticated by a key.",
                [.init(status.authenticated)]),
        ]
    }

    private static func counts(_ status: StatusReport) -> [MetricFamily] {
        let counts: [(ReportedState, Int)] = [
            (.unknown, status.unknown), (.trusted, status.trusted), (.pending, status.pending),
            (.suspected, status.suspected), (.left, status.left),
        ]
        return [
            MetricFamily(
                "peers", .gauge, "How many peers are in a state.",
                counts.map { .init(labels: ["state": $0.rawValue], value: "\($1)") }),
            MetricFamily(
                "isolated", .gauge,
                "Whether no peer is heard any more, or most fell silent together, so that the failure is probably its own.",
                [.init(status.isolated)]),
        ]
    }

    private static func traffic(_ status: StatusReport) -> [MetricFamily] {
        let kernel = DropReport(reason: "kernel-queue-full", count: status.health.kernelDrops)
        return [
            MetricFamily(
                "packets_sent_total", .counter, "Datagrams sent.", value: "\(status.datagramsSent)"),
            MetricFamily(
                "packets_received_total", .counter, "Datagrams received, the refused ones included.",
                value: "\(status.datagramsReceived)"),
            MetricFamily(
                "packets_dropped_total", .counter,
                "Datagrams refused, or lost before the daemon could read them.",
                (status.dropped + [kernel]).map { .init(labels: ["reason": $0.reason], value: "\($0.count)") }
            ),
        ]
    }

    private static func health(_ status: StatusReport) -> [MetricFamily] {
        [
            MetricFamily(
                "loop_lag_seconds", .gauge, "How late the daemon's loop woke last.",
                value: MetricValue.seconds(status.health.loopLagUSec)),
            MetricFamily(
                "loop_lag_maximum_seconds", .gauge, "How late it woke at worst since the daemon started.",
                value: MetricValue.seconds(status.health.loopLagMaximumUSec)),
            MetricFamily(
                "read_lag_seconds", .gauge,
                "By how much later silence is judged because datagrams reach the socket late.",
                value: MetricValue.seconds(status.health.readLagUSec ?? 0)),
            MetricFamily(
                "lag_score", .gauge, "How far the host should distrust its own eyes, 0 to 8.",
                value: "\(status.health.lagScore)"),
            MetricFamily(
                "stalls_total", .counter, "Pauses of the daemon that were long enough to move deadlines.",
                value: "\(status.health.stalls)"),
        ]
    }

    /// Nothing where no log is kept.
    private static func causalLog(_ log: CausalLogReport?) -> [MetricFamily] {
        guard let log else { return [] }
        return [
            MetricFamily(
                "causal_log_failing", .gauge, "Whether entries of the causal log are being lost now.",
                [.init(log.failing != nil)]),
            MetricFamily(
                "causal_log_entries_lost_total", .counter,
                "Entries that the causal log lost because the disk was full or too slow.",
                value: "\(log.lost)"),
        ]
    }

    private static func state(_ status: StatusReport) -> [MetricFamily] {
        [
            MetricFamily(
                "state_stored", .gauge, "Whether the state directory has the epoch in use.",
                [.init(status.unstored == nil)])
        ]
    }

    private static func configuration(_ configuration: ConfigurationReport) -> [MetricFamily] {
        [
            MetricFamily(
                "config_last_reload_successful", .gauge, "Whether the latest configuration was accepted.",
                [.init(configuration.lastReloadFailed == nil)]),
            MetricFamily(
                "config_last_reload_success_timestamp_seconds", .gauge,
                "When the configuration in force was loaded, since 1970.",
                value: MetricValue.seconds(configuration.loadedUSec)),
        ]
    }
}
