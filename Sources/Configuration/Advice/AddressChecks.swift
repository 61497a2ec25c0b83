/// What is wrong, or unwise, in the addresses of the peers and of `listen`.
struct AddressChecks {
    let entries: [PeerEntry]
    let node: NodeSettings
    /// `listen` as it was written; nil when it was not, or was wrong.
    let listen: [Located<NetworkAddress>]?

    /// Records every error and warning.
    func record(_ diagnostics: inout Diagnostics) {
        for entry in entries where entry.id?.value != node.id {
            guard let address = entry.address else { continue }
            let key = "\(entry.name).address"
            if refuse(address, key, &diagnostics) { continue }
            adviseOnOwnAddress(address, key, &diagnostics)
            adviseOnFamily(address, key, &diagnostics)
            adviseOnZone(address, key, &diagnostics)
        }
        for address in listen ?? [] { checkListen(address, &diagnostics) }
        adviseOnPort(&diagnostics)
    }

    // MARK: Peers

    /// - Returns: whether it was refused.
    private func refuse(
        _ address: Located<NetworkAddress>, _ key: String, _ diagnostics: inout Diagnostics
    ) -> Bool {
        let text = "\"\(address.value)\""
        if let kind = address.value.group {
            diagnostics.error(
                key, at: address.location, "\(text) is \(kind), not the address of one host",
                "write the address at which this peer listens, for example \"192.0.2.1:\(address.value.port)\""
            )
            return true
        }
        return false
    }

    /// A warning only: a host that was renamed finds its former entry among the peers, and has to start nevertheless.
    private func adviseOnOwnAddress(
        _ address: Located<NetworkAddress>, _ key: String, _ diagnostics: inout Diagnostics
    ) {
        guard let own = node.listen.first(where: { address.value.isTaken(by: $0) }) else { return }
        diagnostics.warning(
            key, at: address.location,
            "\"\(address.value)\" is where this node itself listens (\"\(own)\"), so no peer can answer there",
            "write the peer's own address; or, if this peer is this host, set id in [node] to its id")
    }

    private func adviseOnFamily(
        _ address: Located<NetworkAddress>, _ key: String, _ diagnostics: inout Diagnostics
    ) {
        guard let isIPv4 = address.value.isIPv4,
            !node.listen.contains(where: { $0.isIPv4 == isIPv4 })
        else { return }
        let (family, other, everywhere) = isIPv4 ? ("IPv4", "IPv6", "0.0.0.0") : ("IPv6", "IPv4", "[::]")
        let port = node.listen.first?.port ?? NetworkAddress.defaultPort
        diagnostics.warning(
            key, at: address.location,
            "\"\(address.value)\" is \(family), and [node] listen has \(other) only, also where it is a wildcard: "
                + "nothing can be sent to it", "add \"\(everywhere):\(port)\" to listen")
    }

    private func adviseOnZone(
        _ address: Located<NetworkAddress>, _ key: String, _ diagnostics: inout Diagnostics
    ) {
        guard address.value.isLinkLocal, !address.value.host.contains("%") else { return }
        diagnostics.warning(
            key, at: address.location, "\"\(address.value)\" is link-local and names no interface",
            "write \"[\(address.value.host)%eth0]:\(address.value.port)\" with the interface that leads to it"
        )
    }

    // MARK: Ourselves

    private func checkListen(_ address: Located<NetworkAddress>, _ diagnostics: inout Diagnostics) {
        let text = "\"\(address.value)\""
        if !address.value.isUnspecified, let kind = address.value.group {
            diagnostics.error(
                "node.listen", at: address.location, "\(text) is \(kind), not an address of this host",
                "write an address of this host, or \"0.0.0.0:\(address.value.port)\"")
        }
        let cover = node.listen.first { wildcard in
            wildcard.isUnspecified && !address.value.isUnspecified && wildcard.port == address.value.port
                && wildcard.isIPv4 == address.value.isIPv4
        }
        guard let cover else { return }
        diagnostics.error(
            "node.listen", at: address.location,
            "\(text) is among the addresses that \"\(cover)\" stands for",
            "keep one of the two")
    }

    /// The others send to the port of our own entry, unless a router between them and us translates.
    private func adviseOnPort(_ diagnostics: inout Diagnostics) {
        guard let listen, let first = listen.first,
            let own = entries.first(where: { $0.id?.value == node.id })?.address,
            !listen.contains(where: { $0.value.port == own.value.port })
        else { return }
        diagnostics.warning(
            "node.listen", at: first.location,
            "this node listens on port \(first.value.port), and its own [[peer]] entry at \(own.location) says "
                + "\(own.value.port), where the others send to",
            "write the same port in both, unless a router between them translates it")
    }
}

extension NetworkAddress {
    /// What an address is that stands for no single host; nil for all others.
    fileprivate var group: String? {
        guard let bytes else { return nil }
        if isUnspecified { return "the unspecified address" }
        if bytes[0] == 0xff { return "a multicast address" }
        guard isIPv4 == true else { return nil }
        if bytes[12] & 0xf0 == 0xe0 { return "a multicast address" }
        if bytes[12...] == [255, 255, 255, 255] { return "the broadcast address" }
        return bytes[12] == 0 ? "an address of no host" : nil
    }

    /// Whether it is 0.0.0.0 or ::.
    fileprivate var isUnspecified: Bool {
        guard let bytes else { return false }
        return (isIPv4 == true ? bytes[12...] : bytes[...]).allSatisfy { $0 == 0 }
    }

    fileprivate var isLinkLocal: Bool {
        guard kind == .ipv6, let bytes else { return false }
        return bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }

    /// Whether what is sent there from this host goes to the listener.
    fileprivate func isTaken(by listener: NetworkAddress) -> Bool {
        guard port == listener.port, let bytes, isIPv4 == listener.isIPv4 else { return false }
        return bytes == listener.bytes && zone == listener.zone || listener.isUnspecified && isLoopback
    }

    private var zone: Substring? { host.split(separator: "%", maxSplits: 1).dropFirst().first }
}
