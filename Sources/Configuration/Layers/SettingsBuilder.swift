/// Reads every section of a merged configuration and resolves it.
struct SettingsBuilder {
    let root: RootReader
    let environment: ConfigurationEnvironment

    /// False when a file could not be read: then what seems to be missing may stand there.
    let isComplete: Bool

    /// The settings; they are meaningful only if no error was recorded.
    func build(_ diagnostics: inout Diagnostics) -> Settings {
        root.refuseUnknownTables(&diagnostics)
        let layer = readDetection(&diagnostics)
        let verdict = root.table("verdict", &diagnostics)
        let quorum = readQuorum(verdict, &diagnostics)
        let security = readSecurity(&diagnostics)
        let entries = readPeers(&diagnostics)
        let ids = entries.compactMap { $0.id?.value }
        let (node, listen) = readNode(entries, security, &diagnostics)
        let peers = resolve(entries, layer, ownID: node.id, &diagnostics)
        let services = ServiceList(root.services(&diagnostics), node: node.id, members: ids, &diagnostics)
        if isComplete {
            services.recordAdvice(&diagnostics)
            AddressChecks(entries: entries, node: node, listen: listen).record(&diagnostics)
            Advice(
                layer: layer, entries: entries, node: node, mainFile: root.mainFile,
                isIDWritten: root.origins(in: "node")["id"] != nil
            ).record(&diagnostics)
            QuorumAdvice.record(
                quorum, at: verdict.node("quorum")?.location, ids: ids, node: node.id, &diagnostics)
        }
        return Settings(
            node: node, peers: peers, detection: layer.resolve(), quorum: quorum, security: security,
            services: services.settings, servicesElsewhere: services.elsewhere)
    }

    // MARK: Sections

    /// What holds for every peer that does not say otherwise.
    private func readDetection(_ diagnostics: inout Diagnostics) -> DetectionLayer {
        let table = root.table("detection", &diagnostics)
        let layer = DetectionLayer(
            detection: table, ping: root.table("ping", &diagnostics),
            target: root.target(in: table, &diagnostics), &diagnostics)
        layer.checkPingBounds("ping", &diagnostics)
        TargetReader.checkDetector(layer, "detection", &diagnostics)
        return layer
    }

    private func readPeers(_ diagnostics: inout Diagnostics) -> [PeerEntry] {
        let entries = root.peers(&diagnostics).map { table in
            PeerEntry(table, target: root.target(in: table, &diagnostics), &diagnostics)
        }
        PeerEntry.checkUniqueness(entries, &diagnostics)
        return entries
    }

    private func readNode(
        _ entries: [PeerEntry], _ security: SecuritySettings, _ diagnostics: inout Diagnostics
    ) -> (NodeSettings, listen: [Located<NetworkAddress>]?) {
        let reader = NodeReader(table: root.table("node", &diagnostics), environment: environment)
        let id = reader.id(members: entries.compactMap { $0.id?.value }, &diagnostics)?.value ?? ""
        let explicit = reader.listen(&diagnostics)
        let addresses = listenAddresses(
            explicit, own: entries.first { $0.id?.value == id }?.address,
            isUnused: root.has("security") && entries.isEmpty && security.keys.isEmpty
                && !security.allowUnauthenticated,
            security, at: reader.table.location, &diagnostics)
        UnusedSettings.recordLog(reader.table, &diagnostics)
        let settings = NodeSettings(
            id: id, listen: addresses, listenIsExplicit: explicit != nil,
            stateDirectory: reader.stateDirectory(&diagnostics),
            statusSocket: reader.statusSocket(&diagnostics),
            metricsListen: reader.metricsListen(&diagnostics),
            causalLog: reader.table.boolean("causal_log", &diagnostics)?.value ?? true,
            causalLogSize: reader.table.integer(
                "causal_log_size", in: Limits.causalLogSize, &diagnostics)?.value ?? 16,
            causalLogFiles: reader.table.integer(
                "causal_log_files", in: Limits.causalLogFiles, &diagnostics)?.value ?? 7,
            causalLogStatesOnly: reader.table.boolean("causal_log_states_only", &diagnostics)?.value ?? false)
        return (settings, explicit)
    }

    /// The addresses to listen on, and whether they may be listened on with these keys.
    private func listenAddresses(
        _ explicit: [Located<NetworkAddress>]?, own: Located<NetworkAddress>?, isUnused: Bool,
        _ security: SecuritySettings, at location: Location, _ diagnostics: inout Diagnostics
    ) -> [NetworkAddress] {
        let policy = ListenPolicy(explicit: explicit, own: own, isUnused: isUnused, fallback: location)
        // A list that is set but wrong has its errors; judging a default instead would only confuse.
        if isComplete && explicit?.isEmpty != true && !diagnostics.mayConcernSecurity {
            policy.checkAuthentication(security, &diagnostics)
        }
        return policy.addresses
    }

    private func readQuorum(_ table: TableReader, _ diagnostics: inout Diagnostics) -> Quorum {
        guard let node = table.node("quorum") else { return .majority }
        switch node.value {
        case .string("majority"): return .majority
        case .string("all"): return .all
        case .integer(let count) where Limits.quorum.contains(count): return .count(count)
        case .integer(let count): report("\(count) is out of range")
        case .string(let text): report("\(quoted(text)) is not known")
        default: report("is \(node.kind), expected a string or an integer")
        }
        func report(_ problem: String) {
            diagnostics.error(
                table.label("quorum"), at: node.location, problem,
                "write \"majority\", \"all\" or a number from 1 to \(Limits.quorum.upperBound)")
        }
        return .majority
    }

    private func readSecurity(_ diagnostics: inout Diagnostics) -> SecuritySettings {
        let table = root.table("security", &diagnostics)
        let keys = table.strings("keys", example: "\"/etc/suspectd/keys/cluster.key\"", &diagnostics) ?? []
        for key in keys where key.value.isEmpty {
            diagnostics.error(table.label("keys"), at: key.location, "holds an empty path", "write a path")
        }
        let allow = table.boolean("allow_unauthenticated", &diagnostics)?.value
        UnusedSettings.recordAuthentication(table, keys: keys, &diagnostics)
        // An unreadable answer is taken as a yes here: it has its own error, and needs no second one.
        let isUnreadable = allow == nil && table.node("allow_unauthenticated") != nil
        return SecuritySettings(keys: keys.map(\.value), allowUnauthenticated: allow ?? isUnreadable)
    }

    private func resolve(
        _ entries: [PeerEntry], _ layer: DetectionLayer, ownID: String, _ diagnostics: inout Diagnostics
    ) -> [PeerSettings] {
        var peers: [PeerSettings] = []
        for entry in entries {
            let effective = entry.layer.over(layer)
            if entry.layer.minimumTimeout != nil || entry.layer.maximumTimeout != nil {
                effective.checkPingBounds(entry.name, &diagnostics)
            }
            if entry.layer.target != nil || entry.layer.detector != nil {
                TargetReader.checkDetector(effective, entry.name, &diagnostics)
            }
            guard let id = entry.id?.value, let address = entry.address?.value, id != ownID else { continue }
            peers.append(PeerSettings(id: id, address: address, detection: effective.resolve()))
        }
        return peers.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }
}
