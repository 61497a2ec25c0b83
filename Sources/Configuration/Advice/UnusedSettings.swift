/// Warnings of settings that have no effect beside others.
enum UnusedSettings {
    /// How messages call a key of the table `[detection]`, or of a `[[peer]]`; those of pings stand in `[ping]`.
    static func label(_ key: String, in name: String) -> String {
        name == "detection" && Schema.ping.contains(key) ? "ping.\(key)" : "\(name).\(key)"
    }

    /// Settings of the pings where none is sent to a silent peer.
    ///
    /// `maximum_timeout` counts in every mode: it says which answers are too old to prove anything.
    static func recordPings(
        _ layer: DetectionLayer, _ name: String, users: [DetectionLayer], _ diagnostics: inout Diagnostics
    ) {
        guard users.allSatisfy({ $0.resolve().mode == .heartbeat }) else { return }
        let settings = [
            ("retries", layer.retries?.location), ("minimum_timeout", layer.minimumTimeout?.location),
            ("maximum_round", layer.maximumRound?.location),
        ]
        for case (let key, let location?) in settings {
            diagnostics.warning(
                label(key, in: name), at: location,
                "has no effect in mode \"heartbeat\", in which a silent peer is not pinged",
                "remove it, or set mode to \"heartbeat+ping\"")
        }
    }

    /// How the causal log is kept, where none is.
    static func recordLog(_ node: TableReader, _ diagnostics: inout Diagnostics) {
        guard case .boolean(false) = node.node("causal_log")?.value else { return }
        for key in ["causal_log_size", "causal_log_files", "causal_log_states_only"] {
            guard let location = node.node(key)?.location else { continue }
            diagnostics.warning(
                node.label(key), at: location, "has no effect, for causal_log is false",
                "remove it, or set causal_log = true")
        }
    }

    /// The permission to run without keys, where there are keys.
    static func recordAuthentication(
        _ security: TableReader, keys: [Located<String>], _ diagnostics: inout Diagnostics
    ) {
        guard !keys.isEmpty, let node = security.node("allow_unauthenticated"),
            case .boolean(true) = node.value
        else { return }
        diagnostics.warning(
            security.label("allow_unauthenticated"), at: node.location,
            "has no effect beside keys: datagrams that no key opens are refused regardless",
            "remove it, or the keys")
    }
}
