internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Sealing
internal import Wire

/// New keys while the daemon runs: only those by which no peer is cut off.
extension NodeState {
    /// Takes other keys, or says why peers that are trusted now would be suspected for them.
    ///
    /// - Parameters:
    ///   - fresh: the keys; `nil` for none.
    ///   - settings: the settings that name their files, and the peers that stay; one that goes may be cut off.
    /// - Returns: what stands against it, each with the remedy; the keys are taken when there is nothing.
    mutating func take(_ fresh: Keyring?, of settings: Settings) -> [String] {
        let (monitor, staying) = (endpoint.monitor, Set(settings.peers.map(\.id)))
        let trusted = (0..<monitor.count).filter {
            monitor.state(ofPeer: $0) == .trusted && staying.contains(monitor.id(ofPeer: $0).description)
        }
        let objections =
            trusted.isEmpty ? [] : objections(to: fresh, of: settings.security.keys, trusted: trusted)
        guard objections.isEmpty else { return objections }
        keyring = fresh
        endpoint.setSealer(fresh)
        return []
    }

    private func objections(to fresh: Keyring?, of names: [String], trusted: [Int]) -> [String] {
        guard let fresh, let present = keyring else {
            guard fresh != nil || keyring != nil else { return [] }
            return [
                "\(list(trusted)) would be suspected: nodes with keys and nodes without refuse each other; the first keys of a "
                    + "cluster, or the end of the last, take a restart of every node"
            ]
        }
        var objections: [String] = []
        if let first = names.first, let sealing = fresh.fingerprints.first,
            !present.fingerprints.contains(sealing)
        {
            objections.append(
                "\"\(first)\" would seal, and may be new to the peers as it is to this node; name it second, after the "
                    + "present one, and reload every node, before it is named first\(Self.advice)")
        }
        for (key, name) in zip(present.fingerprints, configuration.settings.security.keys)
        where !fresh.fingerprints.contains(key) {
            let users = trusted.filter { endpoint.key(ofPeer: $0) == key }
            guard !users.isEmpty else { continue }
            objections.append(
                "\"\(name)\" is left out, and still seals what these peers send: \(list(users)); name the new one first "
                    + "there and reload them, before the old one is left out here\(Self.advice)")
        }
        return objections
    }

    private static let advice =
        " (suspectd(8), \"ROTATING KEYS\"); to do it now regardless, restart suspectd"

    /// Three names, and how many more.
    private func list(_ peers: [Int]) -> String {
        let names = peers.prefix(3).map { endpoint.monitor.id(ofPeer: $0).description }.joined(
            separator: ", ")
        return peers.count > 3 ? "\(names) and \(peers.count - 3) more" : names
    }
}
