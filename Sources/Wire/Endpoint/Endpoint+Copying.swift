internal import FailureDetection
internal import Records

extension Endpoint {
    /// Makes its storage unique again after a copy was handed out: immediately, instead of amid the next datagram.
    package mutating func detach() {
        monitor.detach()
        exchange.detach()
        unsafe links.withUnsafeMutableBufferPointer { _ in }
    }
}
