/// Reads `[node]`, with the environment's values for what is not set.
struct NodeReader {
    let table: TableReader
    let environment: ConfigurationEnvironment

    /// The node's id: the one that is set, else that of the member that this host is, else its host name.
    ///
    /// - Parameters:
    ///   - members: the ids of all `[[peer]]` tables.
    ///   - diagnostics: takes what is wrong.
    /// - Returns: the id; `nil` where there is none that can be used.
    func id(members: [String], _ diagnostics: inout Diagnostics) -> Located<String>? {
        if let id = table.string("id", &diagnostics) {
            guard let (problem, remedy) = NodeID.problem(with: id.value) else { return id }
            diagnostics.error(table.label("id"), at: id.location, problem, remedy)
            return nil
        }
        // A set but unusable id has its error already.
        guard table.node("id") == nil else { return nil }
        let owner = storedID
        if let owner, members.isEmpty || members.contains(owner) {
            return keep(owner, among: members, &diagnostics)
        }
        if let member = member(among: members) { return Located(value: member, location: table.location) }
        if let owner { return keep(owner, among: members, &diagnostics) }
        guard let (problem, _) = NodeID.problem(with: environment.hostName) else {
            return Located(value: environment.hostName, location: table.location)
        }
        diagnostics.error(
            table.label("id"), at: table.location, "is not set, and the host name \(problem)",
            "set id in [node], for example id = \"db1\"")
        return nil
    }

    /// The member that this host is by its name: as it is, without its domain, or the only one that differs in the domain
    /// alone; `nil` where there is none.
    private func member(among members: [String]) -> String? {
        guard environment.keepsIdentity else { return nil }
        let name = environment.hostName
        let short = String(name.prefix { $0 != "." })
        if let member = [name, short].first(where: { members.contains($0) }) { return member }
        guard !name.contains(".") else { return nil }
        let qualified = members.filter { $0.hasPrefix(short + ".") }
        return qualified.count == 1 ? qualified[0] : nil
    }

    /// The id that the state folder belongs to, where it counts.
    private var storedID: String? {
        guard environment.keepsIdentity else { return nil }
        // What is wrong with the folder's name is recorded where it is read for itself.
        var ignored = Diagnostics()
        return StateOwner.read(stateDirectory(&ignored))
    }

    /// Hosts get new names, from DHCP for example; to its peers a node stays the same.
    private func keep(
        _ owner: String, among members: [String], _ diagnostics: inout Diagnostics
    ) -> Located<String> {
        // The member that this host is by its name, with or without a domain, is no former name.
        if owner != environment.hostName, owner != member(among: members) {
            var ignored = Diagnostics()
            let file = "\(stateDirectory(&ignored))/epoch"
            diagnostics.warning(
                table.label("id"), at: table.location,
                "is not set; the host is called \(quoted(environment.hostName)), and its state belongs to \(quoted(owner)), "
                    + "which stays the id",
                "set id = \(quoted(owner)) in [node] to keep it, or stop the daemon, remove \(file) and start it as "
                    + "\(quoted(environment.hostName)), a new node to its peers")
        }
        return Located(value: owner, location: table.location)
    }

    /// The addresses that `listen` names; nil when it is not set.
    func listen(_ diagnostics: inout Diagnostics) -> [Located<NetworkAddress>]? {
        guard let node = table.node("listen") else { return nil }
        let example = "\"0.0.0.0:\(NetworkAddress.defaultPort)\""
        guard let texts = table.strings("listen", example: example, &diagnostics) else { return [] }
        if case .array(let elements) = node.value, elements.isEmpty {
            diagnostics.error(
                table.label("listen"), at: node.location, "names no address",
                "write listen = [\(example)], or remove the key")
        }
        var addresses: [Located<NetworkAddress>] = []
        for text in texts {
            guard let address = listenAddress(text, &diagnostics) else { continue }
            if let twin = addresses.first(where: { $0.value == address.value }) {
                diagnostics.error(
                    table.label("listen"), at: address.location,
                    "\"\(address.value)\" is already listed at \(twin.location)", "keep one of the two")
            }
            addresses.append(address)
        }
        return addresses
    }

    private func listenAddress(
        _ text: Located<String>, _ diagnostics: inout Diagnostics
    ) -> Located<NetworkAddress>? {
        guard let address = AddressReader.read(text, table.label("listen"), &diagnostics) else { return nil }
        guard address.value.kind == .name else { return address }
        diagnostics.error(
            table.label("listen"), at: text.location, "\(quoted(text.value)) is a name, and names can change",
            "write a numeric address, for example \"0.0.0.0:\(address.value.port)\"")
        return nil
    }

    /// Where the state is stored.
    func stateDirectory(_ diagnostics: inout Diagnostics) -> String {
        path("state_directory", &diagnostics) ?? environment.stateDirectory ?? "/var/lib/suspectd"
    }

    /// The socket for status clients.
    func statusSocket(_ diagnostics: inout Diagnostics) -> String {
        let name = "io.suspectd.Monitor"
        let path =
            path("status_socket", &diagnostics)
            ?? "\(environment.runtimeDirectory ?? "/run/suspectd")/\(name)"
        if path.utf8.count > Limits.socketPath {
            let place = table.node("status_socket")?.location ?? table.location
            diagnostics.error(
                table.label("status_socket"), at: place, "the path is \(path.utf8.count) bytes long",
                "choose a path of at most \(Limits.socketPath) bytes, the limit of UNIX sockets")
        }
        return path
    }

    /// Where metrics are served; every process that can connect may read them, so that is this host alone.
    func metricsListen(_ diagnostics: inout Diagnostics) -> NetworkAddress? {
        guard let text = table.string("metrics_listen", &diagnostics) else { return nil }
        let label = table.label("metrics_listen")
        guard let address = AddressReader.read(text, label, &diagnostics)?.value else { return nil }
        if address.kind == .name || !address.isLoopback {
            diagnostics.error(
                label, at: text.location, "\(quoted(text.value)) is no numeric loopback address",
                "write \"127.0.0.1:\(address.port)\", or have another program publish \"suspectctl metrics\"")
        }
        return address
    }

    private func path(_ key: String, _ diagnostics: inout Diagnostics) -> String? {
        guard let path = table.string(key, &diagnostics) else { return nil }
        if path.value.isEmpty {
            diagnostics.error(
                table.label(key), at: path.location, "is empty", "write a path, or remove the key")
        }
        return path.value
    }
}

/// Reads an address and records what is wrong with it.
enum AddressReader {
    static func read(
        _ text: Located<String>, _ label: String, _ diagnostics: inout Diagnostics
    ) -> Located<NetworkAddress>? {
        do throws(NetworkAddress.Failure) {
            return Located(value: try NetworkAddress.parse(text.value), location: text.location)
        } catch {
            diagnostics.error(label, at: text.location, error.problem, error.remedy)
            return nil
        }
    }
}
