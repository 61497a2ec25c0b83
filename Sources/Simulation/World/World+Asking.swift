internal import CausalClock
package import FailureDetection
package import Wire

/// Asking a host, or its detector, where it is.
///
/// `hosts[place].endpoint?.monitor` copies an endpoint to ask one thing of it, which costs more than most answers.
extension World {
    /// Asks the host at an index.
    package func askHost<Answer>(
        _ place: Int, _ question: (borrowing SimulatedHost) -> Answer
    ) -> Answer {
        hosts.span.borrow(place, question)
    }

    /// Asks the endpoint of the host at an index.
    ///
    /// - Returns: the answer; `nil` while the host does not run.
    @discardableResult
    package func askEndpoint<Answer>(
        of place: Int, _ question: (borrowing Endpoint) -> Answer
    ) -> Answer? {
        hosts.span.borrow(place) { host in host.endpoint.borrow(question) }
    }

    /// Asks the detector of the host at an index.
    ///
    /// - Returns: the answer; `nil` while the host does not run.
    @discardableResult
    package func askMonitor<Answer>(
        of place: Int, _ question: (borrowing Monitor) -> Answer
    ) -> Answer? {
        askEndpoint(of: place) { endpoint in question(endpoint.monitor) }
    }
}

extension Monitor {
    /// What is thought of a peer; `nil` where it is not watched.
    func state(of peer: HostID) -> PeerState? { index(of: peer).map { state(ofPeer: $0) } }

    /// What there is to show about a peer; `nil` where it is not watched.
    func report(of peer: HostID) -> PeerReport? { index(of: peer).map { report(ofPeer: $0) } }

    /// How often it has suspected any peer, or any but one.
    func suspicions(besides peer: HostID? = nil) -> UInt64 {
        (0..<count).reduce(0) { $0 + (id(ofPeer: $1) == peer ? 0 : report(ofPeer: $1).suspicions) }
    }
}

/// For what cannot be copied as well: only with it does the compiler hand out the element itself.
extension Span where Element: ~Copyable {
    fileprivate func borrow<Answer>(_ index: Int, _ question: (borrowing Element) -> Answer) -> Answer {
        question(self[index])
    }
}

extension Optional where Wrapped: ~Copyable {
    fileprivate borrowing func borrow<Answer>(_ question: (borrowing Wrapped) -> Answer) -> Answer? {
        switch self {
        case .some(let wrapped): question(wrapped)
        case .none: nil
        }
    }
}
