/// Every table and key a configuration may hold, in one list: the reader refuses all others.
enum Schema {
    static let node = [
        "id", "listen", "state_directory", "status_socket", "metrics_listen", "causal_log", "causal_log_size",
        "causal_log_files", "causal_log_states_only",
    ]
    static let detection = [
        "profile", "mode", "heartbeat_interval", "heartbeat_jitter", "detector", "margin", "threshold",
        "timeout", "startup_grace",
    ]
    static let target = ["detection_time", "mistake_recurrence", "mistake_duration"]
    static let ping = ["retries", "minimum_timeout", "maximum_timeout", "maximum_round"]
    static let verdict = ["quorum"]
    static let security = ["keys", "allow_unauthenticated"]
    static let service = ["name", "unit", "hung_after", "hosts"]

    /// A peer may override every key of `[detection]` and `[ping]`, and have a target of its own.
    static let peer = ["id", "address"] + detection + ["target"] + ping

    /// The tables with the keys that stand directly in them, in the order of the example file.
    static let tables: [(name: String, keys: [String])] = [
        ("node", node), ("detection", detection + ["target"]), ("detection.target", target), ("ping", ping),
        ("verdict", verdict), ("security", security), ("peer", peer),
        ("service", service),
    ]

    /// The keys of the table `name`; none for the root, which holds tables only.
    static func keys(of name: String) -> [String] {
        tables.first { $0.name == name }?.keys ?? []
    }

    /// The tables that stand in the root.
    static let rootTables = tables.map(\.name).filter { !$0.contains(".") }

    /// The tables of which there may be many: they are written with two brackets.
    static let lists = ["peer", "service"]

    /// A table as it is written: `[node]`, but `[[peer]]` and `[[service]]`.
    static func header(_ name: String) -> String {
        guard
            let list = lists.first(where: {
                name == $0 || name.hasPrefix("\($0)[") || name.hasPrefix("\($0).")
            })
        else { return "[\(name)]" }
        return name.hasSuffix(".target") ? "[peer.target]" : "[[\(list)]]"
    }

    /// The first table with the key `key`, for a key that stands in the wrong one.
    static func home(of key: String) -> String? {
        tables.first { $0.keys.contains(key) }?.name
    }
}
