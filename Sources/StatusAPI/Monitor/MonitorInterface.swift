/// The interface `io.suspectd.Monitor`: its name, its errors, and its position in a service.
package enum MonitorInterface {
    /// The interface's name, also the file name of its socket.
    package static let name = "io.suspectd.Monitor"
    /// The full name of the error for an unknown peer.
    package static let noSuchPeerName = "\(name).NoSuchPeer"
    /// The full name of the error for an unknown service.
    package static let noSuchServiceName = "\(name).NoSuchService"
    /// The full name of the error for a subscription that cannot be served.
    package static let subscriptionRefusedName = "\(name).SubscriptionRefused"
    /// The full name of the error for a refused configuration.
    package static let reloadFailedName = "\(name).ReloadFailed"

    /// The interface as a service lists it.
    package static let interface = VarlinkInterface(
        name: name,
        methods: MonitorMethod.allCases.map { .init($0.rawValue, requiresMore: $0.requiresMore) },
        description: description)

    /// The service that the daemon offers on its status socket.
    package static func service(version: String) -> VarlinkService {
        VarlinkService(
            vendor: "suspectd", product: "suspectd", version: version, url: "man:suspectd(8)",
            interfaces: [interface, ServiceInterface.interface])
    }

    static func noSuchPeer(_ id: String) -> VarlinkError {
        VarlinkError(noSuchPeerName, PeerParameters(id: id))
    }

    /// The error for a subscription that cannot be served; the reason names what to ask for instead.
    package static func subscriptionRefused(_ reason: String) -> VarlinkError {
        VarlinkError(subscriptionRefusedName, SubscriptionRefusal(reason: reason))
    }

    static func reloadFailed(_ failure: ReloadFailure) -> VarlinkError {
        VarlinkError(reloadFailedName, failure)
    }
}
