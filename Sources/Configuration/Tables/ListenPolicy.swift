/// Where the daemon listens, and whether it may listen there.
struct ListenPolicy {
    /// The addresses, at least one.
    let addresses: [NetworkAddress]

    /// The location and key that decided.
    private let location: Location
    private let key: String

    /// Explicit addresses count; else our own `[[peer]]` says where the others search for us.
    ///
    /// Of that entry the port matters, the address may belong to a translating router. A loopback address is
    /// taken as it is: an operator who runs several daemons on one host has no wish to open them to the network.
    ///
    /// A daemon that is not configured yet (`isUnused`), with the file as it is shipped, listens on loopback alone, so that a
    /// package may start it.
    init(
        explicit: [Located<NetworkAddress>]?, own: Located<NetworkAddress>?, isUnused: Bool,
        fallback: Location
    ) {
        if let explicit, let first = explicit.first(where: { !$0.value.isLoopback }) ?? explicit.first {
            (addresses, location, key) = (explicit.map(\.value), first.location, "node.listen")
        } else if let own {
            (addresses, location, key) = (Self.defaults(for: own.value), own.location, "node.listen")
        } else if isUnused {
            addresses = [
                NetworkAddress(kind: .ipv4, host: "127.0.0.1", port: NetworkAddress.defaultPort)
            ]
            (location, key) = (fallback, "node.listen")
        } else {
            addresses = NetworkAddress.wildcards(port: NetworkAddress.defaultPort)
            (location, key) = (fallback, "node.listen")
        }
    }

    private static func defaults(for own: NetworkAddress) -> [NetworkAddress] {
        guard own.isLoopback else { return NetworkAddress.wildcards(port: own.port) }
        guard own.kind == .name else { return [own] }
        return [
            NetworkAddress(kind: .ipv4, host: "127.0.0.1", port: own.port),
            NetworkAddress(kind: .ipv6, host: "::1", port: own.port),
        ]
    }

    /// Records that any host could send to us, unless that was asked for.
    func checkAuthentication(_ security: SecuritySettings, _ diagnostics: inout Diagnostics) {
        guard let open = addresses.first(where: { !$0.isLoopback }) else { return }
        guard security.keys.isEmpty, !security.allowUnauthenticated else { return }
        diagnostics.error(
            key, at: location,
            "\"\(open)\" is reachable from the network, and nothing authenticates the peers",
            "make a key with \"suspectctl key new FILE\", copy it to every host and name it in [security] keys; "
                + "or set allow_unauthenticated = true there if every host of the network may be trusted")
    }
}
