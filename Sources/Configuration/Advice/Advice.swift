/// Warnings: what is allowed, but probably not meant.
struct Advice {
    let layer: DetectionLayer
    let entries: [PeerEntry]
    let node: NodeSettings
    let mainFile: String
    /// Whether the node's id is written, and not that of its host.
    let isIDWritten: Bool

    /// Records every warning.
    func record(_ diagnostics: inout Diagnostics) {
        adviseOnPeers(&diagnostics)
        advise(on: layer, name: "detection", users: scopes.map(\.effective), &diagnostics)
        for (entry, effective) in scopes.dropFirst().compactMap({ scope in
            scope.entry.map { ($0, scope.effective) }
        }) {
            advise(on: entry.layer, name: entry.name, users: [effective], &diagnostics)
        }
    }

    /// `[detection]` itself and every other member, each with the layers in effect there.
    private var scopes: [(entry: PeerEntry?, effective: DetectionLayer)] {
        let others = entries.filter { $0.id?.value != node.id }
        return [(nil, layer)] + others.map { ($0, $0.layer.over(layer)) }
    }

    // MARK: Peers

    private func adviseOnPeers(_ diagnostics: inout Diagnostics) {
        let ids = entries.compactMap { $0.id?.value }
        let whole = Location(file: mainFile)
        // A peer that cannot be read has its error already.
        guard !diagnostics.errors.contains(where: { $0.key?.hasPrefix("peer") ?? true }) else { return }
        guard ids.contains(where: { $0 != node.id }) else {
            return diagnostics.warning(
                "peer", at: whole, "there is no peer to watch",
                "add a [[peer]] with id and address for each member")
        }
        // A host name may be fully qualified where the list has the short form.
        let short = node.id.prefix { $0 != "." }
        guard !ids.contains(node.id) else { return }
        guard short == node.id || !ids.contains(String(short)) else {
            return diagnostics.warning(
                "node.id", at: whole, "this node is \"\(node.id)\", and the list has a peer \"\(short)\"",
                "if that is this host, set id = \"\(short)\" in [node]")
        }
        // With an id of its own a node may leave itself out of its list; one file for all finds each host by its name.
        guard !isIDWritten else { return }
        diagnostics.warning(
            "node.id", at: whole,
            "this node is \"\(node.id)\" by its host's name, which no [[peer]] has; others that do not have it either refuse what it "
                + "sends (unknown-peer)", "set id in [node], or add a [[peer]] for it")
    }

    // MARK: Detection

    private func advise(
        on layer: DetectionLayer, name: String, users: [DetectionLayer], _ diagnostics: inout Diagnostics
    ) {
        adviseOnUnusedKnobs(layer, name, Set(users.map { $0.resolve().detector.knob }), &diagnostics)
        adviseOnDerivedKnobs(layer, name, &diagnostics)
        UnusedSettings.recordPings(layer, name, users: users, &diagnostics)
        guard let settings = users.first?.resolve(), settings.target == nil else { return }
        adviseOnTimeout(layer, name, settings, &diagnostics)
        adviseOnMargin(layer, name, settings, &diagnostics)
    }

    private func adviseOnUnusedKnobs(
        _ layer: DetectionLayer, _ name: String, _ used: Set<String>, _ diagnostics: inout Diagnostics
    ) {
        let knobs = [
            ("margin", layer.margin?.location), ("threshold", layer.threshold?.location),
            ("timeout", layer.timeout?.location),
        ]
        for case (let knob, let location?) in knobs where !used.contains(knob) {
            let detectors = DetectorKind.allCases.filter { $0.knob == knob }.map(\.rawValue)
            diagnostics.warning(
                "\(name).\(knob)", at: location, "has no effect with this detector",
                "remove it, or set detector to \(alternatives(detectors))")
        }
    }

    private func adviseOnDerivedKnobs(
        _ layer: DetectionLayer, _ name: String, _ diagnostics: inout Diagnostics
    ) {
        guard let target = layer.target else { return }
        for (key, location) in layer.derivable {
            diagnostics.warning(
                UnusedSettings.label(key, in: name), at: location,
                "has no effect beside the target at \(target.location)",
                "remove it, or the target, which derives it")
        }
    }

    private func adviseOnTimeout(
        _ layer: DetectionLayer, _ name: String, _ settings: DetectionSettings,
        _ diagnostics: inout Diagnostics
    ) {
        guard let timeout = layer.timeout, settings.detector == .fixed else { return }
        let interval = settings.heartbeatInterval
        let text = "\"\(DurationText.format(timeout.value))\""
        if timeout.value <= interval {
            diagnostics.warning(
                "\(name).timeout", at: timeout.location,
                "\(text) is no longer than the heartbeat interval: "
                    + "every heartbeat comes too late", atLeast(interval * 3 / 2))
        } else if settings.mode == .heartbeat && timeout.value < interval * 2 {
            diagnostics.warning(
                "\(name).timeout", at: timeout.location,
                "\(text) is under two heartbeat intervals: one lost datagram makes a suspicion",
                atLeast(interval * 3))
        }
    }

    private func adviseOnMargin(
        _ layer: DetectionLayer, _ name: String, _ settings: DetectionSettings,
        _ diagnostics: inout Diagnostics
    ) {
        guard let margin = layer.margin, settings.detector.knob == "margin" else { return }
        let text = "\"\(DurationText.format(margin.value))\""
        if settings.mode == .heartbeat && margin.value < settings.heartbeatInterval {
            diagnostics.warning(
                "\(name).margin", at: margin.location,
                "\(text) is under one heartbeat interval: one lost datagram makes a suspicion",
                atLeast(settings.heartbeatInterval * 2))
        } else if margin.value < .milliseconds(2) {
            diagnostics.warning(
                "\(name).margin", at: margin.location,
                "\(text) is within the delays of an ordinary scheduler", atLeast(.milliseconds(5)))
        }
    }

    private func atLeast(_ duration: Duration) -> String {
        "write \"\(DurationText.format(duration))\" or more"
    }
}
