internal import FailureDetection

extension Endpoint {
    /// Makes what it keeps its own again after a copy was handed out: at once, instead of amid the next datagram.
    package mutating func detach() {
        monitor.detach()
        unsafe links.withUnsafeMutableBufferPointer { _ in }
    }
}
