internal import Configuration
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
                origin: derived == nil ? value.origin : Self.origin(value, target), live: derived != nil)
        }
    }

    /// One line a value, in paragraphs of one table each.
    func lines(_ style: Style) -> [String] {
        var lines: [String] = []
        var table = Table()
        var heading = ""
        for row in rows {
            if row.table != heading {
                lines += table.lines(style, indent: 2)
                table = Table(columns: 3)
                heading = row.table
                lines.append(style.paint("[\(heading)]", .bold))
            }
            table.append([
                Table.Cell(row.key), Table.Cell("= \(row.value)"), Table.Cell("# \(row.origin)", ink: .dim),
            ])
        }
        return lines + table.lines(style, indent: 2)
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
        microseconds % 1_000 == 0 ? "\"\(microseconds / 1_000)ms\"" : "\"\(microseconds)us\""
    }
}
