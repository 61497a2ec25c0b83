/// One key with the value that is in effect, and where that comes from.
package struct EffectiveValue: Sendable, Equatable, Encodable {
    /// The table: `detection`, or `peer[db2]` for one peer.
    package let table: String
    /// The key.
    package let key: String
    /// The value as it would be written; `nil` where it is derived while the daemon runs.
    package let value: String?
    /// Where it comes from: `file:line`, a profile, a default with what it follows, or a target.
    package let origin: String
    /// Whether it was written into a file.
    package let isWritten: Bool
}

extension ConfigurationLoader {
    /// Every value in effect, in the order of the tables; `[detection]` and `[ping]` once for each peer that differs.
    ///
    /// - Throws: all errors of all files, as `load` does.
    package static func explain(
        path: String, environment: ConfigurationEnvironment = .process()
    ) throws(ConfigurationErrors) -> [EffectiveValue] {
        _ = try load(path: path, environment: environment)
        var diagnostics = Diagnostics()
        return builder(path: path, environment: environment, &diagnostics).explain(&diagnostics)
    }
}

extension SettingsBuilder {
    /// Every value in effect; meaningful only if the configuration has no errors.
    func explain(_ diagnostics: inout Diagnostics) -> [EffectiveValue] {
        let settings = build(&diagnostics)
        var values = simpleTables(settings, &diagnostics)
        let detection = root.table("detection", &diagnostics)
        let layer = DetectionLayer(
            detection: detection, ping: root.table("ping", &diagnostics),
            target: root.target(in: detection, &diagnostics), &diagnostics)
        values += layer.explained("detection", ping: "ping")
        for table in root.peers(&diagnostics) {
            let entry = PeerEntry(table, target: root.target(in: table, &diagnostics), &diagnostics)
            guard let id = entry.id?.value, let address = entry.address else { continue }
            values.append(
                EffectiveValue(
                    table: entry.name, key: "address", value: quoted(address.value.description),
                    origin: address.location.description, isWritten: true))
            // The node's own entry says where it listens, and how others watch it.
            guard id != settings.node.id else { continue }
            values += entry.layer.over(layer).explained(entry.name, ping: entry.name)
        }
        return values + services(settings, &diagnostics)
    }

    /// The services of this host.
    private func services(_ settings: Settings, _ diagnostics: inout Diagnostics) -> [EffectiveValue] {
        root.services(&diagnostics).flatMap { table -> [EffectiveValue] in
            var ignored = Diagnostics()
            let entry = ServiceEntry(table, &ignored)
            guard let name = entry.name?.value, entry.isFor(settings.node.id),
                let service = settings.services.first(where: { $0.name == name })
            else { return [] }
            let hosts = entry.hosts?.map { quoted($0.value) }.joined(separator: ", ")
            let texts: [(key: String, value: String?)] = [
                ("unit", quoted(service.unit)),
                ("hung_after", service.hungAfter.map { quoted(DurationText.format($0)) }),
                ("hosts", hosts.map { "[\($0)]" }),
            ]
            return texts.compactMap { key, value in
                guard let value, let node = table.node(key) else { return nil }
                return EffectiveValue(
                    table: table.name, key: key, value: value, origin: node.location.description,
                    isWritten: true)
            }
        }
    }

    /// The tables in which no value follows from another.
    private func simpleTables(_ settings: Settings, _ diagnostics: inout Diagnostics) -> [EffectiveValue] {
        [("node", Schema.node), ("verdict", Schema.verdict), ("security", Schema.security)].flatMap {
            name, keys in
            let table = root.table(name, &diagnostics)
            return keys.map { key in
                EffectiveValue(
                    table: name, key: key, value: settings.text(of: key),
                    origin: table.node(key)?.location.description ?? "default",
                    isWritten: table.node(key) != nil)
            }
        }
    }
}

extension Settings {
    /// The value of a key of `[node]`, `[verdict]` or `[security]` as it would be written; `nil` where none is set.
    func text(of key: String) -> String? {
        switch key {
        case "id": quoted(node.id)
        case "listen": list(node.listen.map(\.description))
        case "state_directory": quoted(node.stateDirectory)
        case "status_socket": quoted(node.statusSocket)
        case "metrics_listen": node.metricsListen.map { quoted($0.description) } ?? quoted("")
        case "causal_log": "\(node.causalLog)"
        case "causal_log_size": "\(node.causalLogSize)"
        case "causal_log_files": "\(node.causalLogFiles)"
        case "causal_log_states_only": "\(node.causalLogStatesOnly)"
        case "quorum": quorum.text
        case "keys": list(security.keys)
        case "allow_unauthenticated": "\(security.allowUnauthenticated)"
        default: nil
        }
    }

    private func list(_ texts: [String]) -> String {
        "[" + texts.map { quoted($0) }.joined(separator: ", ") + "]"
    }
}

extension Quorum {
    fileprivate var text: String {
        switch self {
        case .majority: quoted("majority")
        case .all: quoted("all")
        case .count(let count): "\(count)"
        }
    }
}
