internal import FailureDetection
internal import LinuxIO
internal import Wire

/// The addresses that explain a verdict, as text.
struct PeerPlaces {
    /// Where datagrams to the peer go.
    var target: String?
    /// From where it was heard last.
    var heardFrom: String?
    /// From where the latest datagram came that seems to be its own and was not believed.
    var unprovedFrom: String?
    /// Whether the incarnation that is known of it began more than a day ahead of this node's clock.
    var isKnownAhead = false

    /// No address is known.
    init() {}

    /// The addresses of the peer at an index.
    init(ofPeer index: Int, in endpoint: Endpoint) {
        target = endpoint.address(ofPeer: index).map { SocketAddress($0).description }
        heardFrom = endpoint.source(ofPeer: index).map { SocketAddress($0).description }
        unprovedFrom = endpoint.unprovedSource(ofPeer: index).map { SocketAddress($0).description }
        let monitor = endpoint.monitor
        isKnownAhead = monitor.epoch(ofPeer: index).map { $0 > monitor.latestCredibleEpoch } ?? false
    }
}
