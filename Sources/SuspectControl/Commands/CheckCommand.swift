internal import ArgumentParser
internal import LinuxIO
internal import StatusAPI

/// `suspectctl check`: the answer to a monitoring system, in the form of the Nagios plugins.
struct CheckCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the peers for Nagios, Icinga and their like.",
        discussion: """
            One line with performance data, then a line for each suspected peer and each service that is down, failed, hung or \
            being restarted; such a service, and one that its host cannot observe, is a WARNING. A node that is isolated is \
            always CRITICAL. A node without a peer to watch is UNKNOWN, and so is one that has heard none yet, within \
            startup_grace; after that it is CRITICAL. Peers that left or do not hear this node (outbound) are named, and a \
            WARNING once that has lasted; one that was never heard counts as suspected after a grace of its own, and immediately \
            while no other peer is heard. \
            Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, also for a wrong command line.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("WARNING when so many peers are suspected, or more.", valueName: "count"))
    var warning = 1

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "CRITICAL when so many peers are suspected, or more (default: not by number).", valueName: "count"
        ))
    var critical: Int?

    @Option(
        help: ArgumentHelp(
            "CRITICAL when so many services are down, failed or hung, or more (default: a WARNING for any number).",
            valueName: "count"))
    var serviceCritical: Int?

    @Option(
        help: ArgumentHelp(
            "WARNING when a peer has been gone by plan for so long, such as 1h; or never.",
            valueName: "duration"))
    var leftWarning = CheckLimit(microseconds: 86_400_000_000)

    @Option(
        help: ArgumentHelp(
            "WARNING when a peer has not heard this node for so long, such as 1min; or never.",
            valueName: "duration"))
    var outboundWarning = CheckLimit(microseconds: 300_000_000)

    @Option(
        help: ArgumentHelp(
            "For how long a suspected peer that was never heard does not count as suspected; or never.",
            valueName: "duration"))
    var neverHeardGrace = CheckLimit(microseconds: 600_000_000)

    @Option(
        help: ArgumentHelp("How long to wait for the daemon, such as 500ms or 10s.", valueName: "duration"))
    var timeout = WaitLimit(microseconds: 10_000_000)

    @Flag(help: "CRITICAL instead of UNKNOWN when the daemon does not answer.")
    var unreachableIsCritical = false

    /// With `--json`, what is printed.
    private struct Outcome: Encodable {
        let state: CheckReport.State
        let summary: String
        let performance: String
        let details: [String]
    }

    func validate() throws {
        guard warning > 0, critical ?? 1 > 0, serviceCritical ?? 1 > 0 else {
            throw ValidationError("--warning, --critical and --service-critical take a number from 1 on.")
        }
        if let critical, critical < warning {
            throw ValidationError(
                "--critical \(critical) is below --warning \(warning), so there would be no WARNING: give --warning \(critical) or less."
            )
        }
        guard timeout.microseconds > 0 else { throw ValidationError("--timeout must be longer than 0s.") }
    }

    /// Whether a command line is one of a monitoring system, which takes any status but 0 to 3 for CRITICAL.
    static func isAsked(by arguments: [String]) -> Bool {
        arguments.first { !$0.hasPrefix("-") && !$0.contains("/") } == configuration.commandName
    }

    func exitStatus(for failure: ControlFailure) -> Int32 { CheckReport.State.unknown.rawValue }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let report = report(context)
        if global.json {
            try context.writeJSON(
                Outcome(
                    state: report.state, summary: report.summary, performance: report.performance,
                    details: report.details))
        } else {
            context.write(report.lines)
        }
        return report.state.rawValue
    }

    /// Since when each peer that does not hear this node has not, as far as the events show.
    private func outboundSince(
        _ peers: [PeerReport], _ connection: inout StatusConnection
    ) throws(ControlFailure) -> [String: Int] {
        // Older daemons do not say it of the peer.
        guard peers.contains(where: { PeerCondition($0) == .outbound && $0.outboundSinceUSec == nil })
        else { return [:] }
        let events = try connection.call(
            .listEvents, ListEventsParameters(last: nil), as: ListEventsReply.self
        ).events
        var since: [String: Int] = [:]
        for event in events where event.event == .asymmetric {
            if let peer = event.peer { since[peer] = event.timeUSec }
        }
        return since
    }

    /// A failure is an answer too, because a monitoring system reads the standard output only.
    private func report(_ context: ControlContext) -> CheckReport {
        do throws(ControlFailure) {
            let patience = Int64(timeout.microseconds) * 1000
            var connection = try StatusConnection(
                path: global.socketPath(context), patience: patience, until: Clocks.monotonic() + patience)
            let status = try connection.call(.getStatus, as: GetStatusReply.self).status
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            let services = try connection.servicesIfKnown()
            let thresholds = CheckThresholds(
                warning: warning, critical: critical, leftUSec: leftWarning.microseconds,
                outboundUSec: outboundWarning.microseconds,
                neverHeardUSec: neverHeardGrace.microseconds ?? .max, criticalServices: serviceCritical)
            return CheckReport(
                peers: peers, isolated: status.isolated, thresholds: thresholds,
                nowUSec: context.wallClockUSec(), outboundSince: try outboundSince(peers, &connection),
                services: services)
        } catch {
            return CheckReport(failure: error, isCritical: unreachableIsCritical)
        }
    }
}
