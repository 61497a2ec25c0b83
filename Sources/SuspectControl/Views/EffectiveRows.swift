internal import Configuration
internal import Metrics
internal import StatusAPI

/// The values in effect, those included that a running daemon derives.
struct EffectiveRows {
    /// One value with its origin.
    struct Row: Encodable {
        let table: String
        let key: String
        let value: String
        let origin: String
        /// Whether the value is the running daemon's.
        let live: Bool
        /// Whether it follows from a target.
        var isDerived = false

        private enum CodingKeys: String, CodingKey {
            case table, key, value, origin, live
        }
    }

    /// In the order of the tables.
    let rows: [Row]

    /// Fills in what is derived from what the daemon reports of each peer.
    init(_ values: [EffectiveValue], peers: [PeerReport]) {
        rows = values.map { value in
            let target = peers.first { value.table == "peer[\($0.id)]" }?.target
            let derived = target.flatMap { Self.derived(value.key, $0) }
            return Row(
                table: value.table, key: value.key,
                value: value.value ?? derived ?? "derived for each peer while the daemon runs",
                origin: derived == nil ? value.origin : Self.origin(value, target), live: derived != nil,
                isDerived: value.value == nil)
        }
    }

    /// The values as a configuration file that can be read again, each with its origin as a comment.
    ///
    /// What is derived while the daemon runs is a comment as a whole: beside a target it would be refused or ignored.
    func lines(_ style: Style) -> [String] {
        var lines: [String] = []
        var heading: String?
        for row in rows {
            if row.table != heading {
                if heading != nil { lines.append("") }
                heading = row.table
                lines += Self.heading(row.table).map { style.paint($0, .bold) }
                if row.table == ownTable { lines.append(style.paint("# This node itself.", .dim)) }
            }
            let isComment = row.isDerived || row.value == "\"\""
            let line = "\(isComment ? "#" : "")\(row.key) = \(row.value)"
            let blank = String(repeating: " ", count: max(0, 34 - line.displayWidth))
            lines.append(
                row.origin.isEmpty
                    ? line.printable
                    : "\(line)\(blank)  ".printable + style.paint("# \(row.origin.printable)", .dim))
        }
        return lines
    }

    /// The table of the node's own `[[peer]]`.
    private var ownTable: String? {
        rows.first { $0.table == "node" && $0.key == "id" }.map { "peer[\($0.value.dropFirst().dropLast())]" }
    }

    /// `[node]`; of `peer[db2]`, `[[peer]]` and its id; of `peer[db2].target`, `[peer.target]`; of `service[web]`,
    /// `[[service]]` and its name.
    private static func heading(_ table: String) -> [String] {
        if table.hasPrefix("service[") {
            return ["[[service]]", "name = \"\(table.dropFirst("service[".count).dropLast())\""]
        }
        guard table.hasPrefix("peer["), let end = table.lastIndex(of: "]") else { return ["[\(table)]"] }
        let rest = table[table.index(after: end)...]
        guard rest.isEmpty else { return ["[peer\(rest)]"] }
        let id = table[table.index(table.startIndex, offsetBy: 5)..<end]
        return ["[[peer]]", "id = \"\(id)\""]
    }

    /// What the daemon has derived for a key.
    private static func derived(_ key: String, _ target: TargetReport) -> String? {
        switch key {
        case "heartbeat_interval": duration(target.intervalUSec)
        case "margin": duration(target.marginUSec)
        case "timeout": duration(target.marginUSec.plus(target.peerIntervalUSec))
        case "retries": "\(target.retries)"
        case "minimum_timeout": duration(target.pingTimeoutUSec)
        default: nil
        }
    }

    private static func origin(_ value: EffectiveValue, _ target: TargetReport?) -> String {
        guard let target else { return value.origin }
        let view = TargetView(target: target)
        let limit = target.limit.map { "; the target cannot be kept (\($0)), and this is kept instead" }
        return "\(value.origin), \(view.kept); \(view.path)\(limit ?? "")"
    }

    private static func duration(_ microseconds: Int) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest != 0 else { return "\"\(whole)ms\"" }
        return "\"\(FixedDigits.decimal(microseconds, unit: 1_000, digits: 3))ms\""
    }
}
