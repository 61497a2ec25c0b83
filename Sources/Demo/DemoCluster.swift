internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// An event as the demo came to know it.
struct Observation {
    /// The node that reports it.
    let observer: String
    /// What it reports.
    let event: EventReport
    /// The peer that it concerns, as it is since.
    let peer: PeerReport?
    /// When the report reached us, on the monotonic clock in nanoseconds.
    let at: Int64
}

/// The three daemons, which end with it at the latest.
final class DemoCluster {
    /// The nodes a, b and c.
    let nodes: [DemoNode]

    /// A service of node a.
    let service: DemoService

    private let signals: SignalDescriptor

    /// Prepares the nodes; starts nothing.
    init(signals: consuming SignalDescriptor) throws(DemoFailure) {
        let program = try Self.daemonProgram()
        self.signals = signals
        service = try DemoService()
        var nodes: [DemoNode] = []
        for id in ["a", "b", "c"] { nodes.append(try DemoNode(id: id, program: program)) }
        self.nodes = nodes
    }

    /// The node with an id.
    subscript(id: String) -> DemoNode {
        guard let node = nodes.first(where: { $0.id == id }) else {
            preconditionFailure("no node \(id) in the demo")
        }
        return node
    }

    /// Waits until something happens, but no longer than until `deadline`.
    ///
    /// - Parameters:
    ///   - deadline: an instant of the monotonic clock in nanoseconds.
    ///   - input: a descriptor of the caller's to wait for too.
    /// - Returns: the events that it brought.
    func observe(until deadline: Int64, input: CInt? = nil) -> [Observation] {
        let descriptors = nodes.flatMap(\.descriptors) + [signals.raw] + (input.map { [$0] } ?? [])
        waitForInput(on: descriptors, until: deadline)
        let now = Clocks.monotonic()
        return nodes.flatMap { node in
            // First what it said, then whether it has ended: last words count.
            let replies = node.feed.advance(at: now)
            node.refresh()
            return replies.compactMap { reply in
                reply.event.map {
                    Observation(observer: node.id, event: $0, peer: reply.peers?.first, at: now)
                }
            }
        }
    }

    /// The signals that came since the last call; those about the terminal are for the live table alone.
    func takeSignals() -> [CInt] {
        var taken: [CInt] = []
        while let signal = (try? signals.next()) ?? nil { taken.append(signal.number) }
        return taken
    }

    /// What every daemon wrote last, for people who wonder what went wrong.
    var lastWords: String {
        let parts = nodes.map { node in
            let lines = node.log.last(6).map { "    \($0)\n" }.joined()
            return "--- \(node.log.path)\n" + (lines.isEmpty ? "    (nothing)\n" : lines)
        }
        return parts.joined()
    }

    /// The daemon beside this program.
    private static func daemonProgram() throws(DemoFailure) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let program = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/suspectd"
        guard access(program, X_OK) == 0 else {
            throw .cannot("\(program): \(String(cString: strerror(errno))); build it with `make build`")
        }
        return program
    }
}

/// The only wait of the demo, always with a bound; 20 ms at most, so that daemons that start are found soon.
private func waitForInput(on descriptors: [CInt], until deadline: Int64) {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let left = max(0, deadline - Clocks.monotonic()) / 1_000_000 + 1
    poll(&entries, nfds_t(entries.count), CInt(min(left, 20)))
}
