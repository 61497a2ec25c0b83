internal import FailureDetection

extension Endpoint {
    /// Makes its storage unique again after a copy was handed out: immediately, instead of amid the next datagram.
    package mutating func detach() {
        monitor.detach()
        unsafe links.withUnsafeMutableBufferPointer { _ in }
    }
}
