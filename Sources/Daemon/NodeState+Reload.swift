internal import Configuration
internal import FailureDetection
internal import Sealing
internal import StatusAPI
internal import Systemd
internal import Wire

extension NodeState {
    /// Reads the configuration again, and tells the service manager when that begins and ends.
    ///
    /// A bad one leaves everything as it was.
    mutating func reload() throws(ReloadFailure) -> [String] {
        notifications.append(.reloadingNow(status: "Reloading the configuration"))
        do throws(ReloadFailure) {
            let warnings = try reloadFiles()
            notifications.append(.ready(status: statusText))
            return warnings
        } catch {
            let first = error.errors.first ?? "unknown error"
            notifications.append(
                .ready(status: "Configuration refused, keeping the previous one: \(first)"))
            throw error
        }
    }

    private mutating func reloadFiles() throws(ReloadFailure) -> [String] {
        let fresh: LoadedConfiguration
        do {
            fresh = try ConfigurationLoader.load(path: path)
        } catch {
            throw refuseReload(error.errors.map(\.description))
        }
        let fixed = [
            "id", "listen", "state_directory", "status_socket", "metrics_listen", "causal_log",
            "causal_log_size",
            "causal_log_files", "causal_log_states_only",
        ]
        let changed = fixed.filter {
            configuration.settings.node.value(of: $0) != fresh.settings.node.value(of: $0)
        }
        guard changed.isEmpty else {
            throw refuseReload(
                changed.map { "\(path): node.\($0): cannot change while the daemon runs; restart it" })
        }
        let objections: [String]
        do throws(KeyFiles.Failure) {
            objections = take(try KeyFiles.load(fresh.settings.security.keys), of: fresh.settings)
        } catch {
            throw refuseReload(["\(path): \(error)"])
        }
        guard objections.isEmpty else { throw refuseReload(objections.map { "\(path): \($0)" }) }
        adopt(fresh)
        return fresh.warnings.map(\.description)
    }

    /// How many errors of a configuration one note in the journal tells.
    private static let toldErrors = 10

    private mutating func refuseReload(_ errors: [String]) -> ReloadFailure {
        reloadFailure = errors.joined(separator: "\n")
        // One mistake of a program that writes the file can be an error for each of a thousand peers.
        let rest = errors.count - Self.toldErrors
        let more = rest > 0 ? "; and \(rest) more, see \"suspectctl config check \(path)\"" : ""
        tellReload(
            "configuration refused, keeping the previous one: "
                + errors.prefix(Self.toldErrors).joined(separator: "; ") + more, priority: .error)
        return ReloadFailure(errors: errors)
    }

    private mutating func adopt(_ fresh: LoadedConfiguration) {
        configuration = fresh
        reloads += 1
        reloadFailure = nil
        loaded = now
        endpoint.retune(fresh.settings.peers.compactMap { FailureDetection.PeerSettings($0) }, at: now)
        endpoint.setQuorum(FailureDetection.Quorum(fresh.settings.quorum))
        addresses.configure(fresh.settings.peers, at: now, endpoint: &endpoint)
        tellReload(
            "configuration loaded from \(path): \(fresh.settings.peers.count) peers", priority: .notice)
    }

    /// Tells of a reload; one of too many only to those who watch: a program that reloads in a loop must not push what
    /// happened out of the history, nor fill the journal.
    private mutating func tellReload(_ sentence: String, priority: JournalPriority) {
        let admission = toldReloads.admit(priority, at: .nanoseconds(now.nanoseconds))
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
