internal import Configuration
internal import FailureDetection
internal import Sealing
internal import StatusAPI
internal import Systemd
internal import Wire

/// A configuration as it was read, with the keys that it names.
struct FreshConfiguration: Sendable {
    let loaded: LoadedConfiguration
    let keyring: Keyring?
    /// Its peers as the detector takes them.
    let peers: [FailureDetection.PeerSettings]

    /// Reads files and keys, however long the disk and the parser take.
    ///
    /// - Throws: all that is wrong.
    init(path: String) throws(ReloadFailure) {
        do {
            loaded = try ConfigurationLoader.load(path: path)
        } catch {
            throw ReloadFailure(errors: error.errors.map(\.description), total: error.total)
        }
        do {
            keyring = try KeyFiles.load(loaded.settings.security.keys)
        } catch {
            throw ReloadFailure(errors: ["\(loaded.keysPlace): \(error)"])
        }
        peers = loaded.settings.peers.compactMap { FailureDetection.PeerSettings($0) }
    }
}

extension NodeState {
    /// Informs the service manager that the configuration is being read again.
    mutating func beginReload() {
        notifications.append(.reloadingNow(status: "Reloading the configuration"))
    }

    /// Takes a configuration that was read, and gives the service manager how that ended.
    ///
    /// A bad one leaves everything as it was.
    ///
    /// - Returns: warnings.
    mutating func endReload(_ result: Result<FreshConfiguration, ReloadFailure>) throws(ReloadFailure)
        -> [String]
    {
        do throws(ReloadFailure) {
            let fresh = try result.get()
            try check(fresh)
            adopt(fresh)
            notifications.append(.ready(status: statusText))
            return fresh.loaded.warnings.map(\.description)
        } catch {
            reportRefusal(error)
            notifications.append(.ready(status: statusText))
            throw error
        }
    }

    /// Takes the keys, unless something in the configuration cannot be taken by a running daemon.
    private mutating func check(_ fresh: FreshConfiguration) throws(ReloadFailure) {
        let fixed = [
            "id", "listen", "state_directory", "status_socket", "metrics_listen", "causal_log",
            "causal_log_size",
            "causal_log_files", "causal_log_states_only",
        ]
        let changed = fixed.filter {
            configuration.settings.node.value(of: $0) != fresh.loaded.settings.node.value(of: $0)
        }
        guard changed.isEmpty else {
            throw ReloadFailure(errors: changed.map { needsRestart($0, in: fresh.loaded) })
        }
        let objections = take(fresh.keyring, of: fresh.loaded.settings)
        guard objections.isEmpty else {
            throw ReloadFailure(errors: objections.map { "\(fresh.loaded.keysPlace): \($0)" })
        }
    }

    /// Why a key of `[node]` keeps a configuration from being taken: it is written there, or follows from what is.
    private func needsRestart(_ key: String, in fresh: LoadedConfiguration) -> String {
        let origin = fresh.nodeOrigins[key]
        let basis = key == "listen" || key == "id" ? "the [[peer]] list" : "the defaults"
        let change =
            origin != nil
            ? "cannot change while the daemon runs"
            : "follows from \(basis), as no file sets it, and would be \(shown(fresh.settings.node.value(of: key))) instead of "
                + "\(shown(configuration.settings.node.value(of: key))), which cannot change while the daemon runs"
        return "\(origin ?? path): node.\(key): \(change); restart it: systemctl restart suspectd"
    }

    private func shown(_ value: String) -> String { value.isEmpty ? "none" : value }

    /// The first error of a configuration that was refused, for the line of `systemctl status`; `nil` while the latest is in force.
    var refusalText: String? {
        guard let first = reloadFailure?.prefix(while: { $0 != "\n" }) else { return nil }
        return Self.refused + first
    }

    private static let refused = "configuration refused, keeping the previous one: "

    /// How many errors of a configuration one note in the journal reports.
    private static let reportedErrors = 10

    private mutating func reportRefusal(_ failure: ReloadFailure) {
        let errors = failure.errors
        reloadFailure = errors.joined(separator: "\n")
        // One mistake of a program that writes the file can be an error for each of a thousand peers.
        let rest = failure.total - Self.reportedErrors
        let more = rest > 0 ? "; and \(rest) more, see \"suspectctl config check \(path)\"" : ""
        reportReload(
            Self.refused + errors.prefix(Self.reportedErrors).joined(separator: "; ") + more, priority: .error
        )
    }

    private mutating func adopt(_ fresh: FreshConfiguration) {
        let settings = fresh.loaded.settings
        configuration = fresh.loaded
        reloads += 1
        reloadFailure = nil
        loaded = now
        let removed = retire(allBut: settings.peers)
        let known = Set((0..<endpoint.monitor.count).map { endpoint.monitor.id(ofPeer: $0) })
        endpoint.retune(fresh.peers, at: now)
        endpoint.setQuorum(FailureDetection.Quorum(settings.quorum))
        addresses.configure(settings.peers, at: now, endpoint: &endpoint)
        reportReload(
            "configuration loaded from \(path): \(countText(settings.peers.count, "peer"))"
                + Self.removalText(removed) + absenceText(besides: known),
            priority: .notice)
        announceRemoval(of: removed)
        outboundSince = outboundSince.filter { endpoint.monitor.index(of: $0.key) != nil }
        sendErrors.keep(Set((0..<endpoint.monitor.count).map { endpoint.monitor.id(ofPeer: $0) }))
    }

    /// Reports a reload; one of too many only to those that watch: a program that reloads in a loop must not push
    /// what happened out of the history, nor fill the journal.
    private mutating func reportReload(_ sentence: String, priority: JournalPriority) {
        let admission = reportedReloads.admit(priority, at: .nanoseconds(now.nanoseconds))
        var count = ""
        if case .admitted(let suppressed) = admission, suppressed > 0 {
            count = " (\(suppressed) similar suppressed)"
        }
        announce(
            .config, sentence + count, priority: priority, id: .configuration,
            fields: [JournalField(.file, path)], passing: admission == .suppressed)
        if priority == .notice, admission != .suppressed { announceWarnings() }
    }
}

extension NodeSettings {
    /// What can only be set at the start, as text to compare.
    fileprivate func value(of key: String) -> String {
        switch key {
        case "id": id
        case "listen": listen.map(\.description).joined(separator: ",")
        case "state_directory": stateDirectory
        case "metrics_listen": metricsListen?.description ?? ""
        case "causal_log": "\(causalLog)"
        case "causal_log_size": "\(causalLogSize)"
        case "causal_log_files": "\(causalLogFiles)"
        case "causal_log_states_only": "\(causalLogStatesOnly)"
        default: statusSocket
        }
    }
}
