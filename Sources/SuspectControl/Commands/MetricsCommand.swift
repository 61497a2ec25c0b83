internal import ArgumentParser
internal import Metrics
internal import StatusAPI

/// `suspectctl metrics`: the daemon's figures in the text format of Prometheus.
struct MetricsCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print metrics for Prometheus.",
        discussion: """
            For the textfile collector of the node exporter, through a file beside the final one: \
            suspectctl metrics > F.tmp; mv F.tmp F. Exit status: 0 done, 3 no daemon answers; then \
            suspectd_up is 0 and stands alone.
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        do throws(ControlFailure) {
            var connection = try connect(context)
            let status = try connection.call(.getStatus, as: GetStatusReply.self).status
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            let services = try connection.servicesIfKnown()
            try write(StatusMetrics.families(status, peers: peers, services: services), in: context)
            return ExitStatus.success
        } catch {
            // A scrape that says nothing would leave the last good figures standing.
            try write([StatusMetrics.up(false)], in: context)
            throw error
        }
    }

    private func write(_ families: [MetricFamily], in context: ControlContext) throws(ControlFailure) {
        if global.json {
            try context.writeJSON(families)
        } else {
            context.output.write(families.map(\.text).joined())
        }
    }
}
