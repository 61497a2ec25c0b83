internal import FailureDetection

extension Wording {
    /// What contradicts what, and what to do about it.
    static func conflict(
        _ conflict: Conflict?, with peer: String, _ places: PeerPlaces = PeerPlaces()
    ) -> String {
        let finding =
            switch conflict {
            case .ownEvents, nil: "\(peer) reports events of this node that never happened"
            case .numberTwice: "\(peer) sent two different datagrams with one number"
            case .wentBack: "what \(peer) sends later knows less than what it sent before"
            case .impossible: "an event of \(peer) would have happened before itself"
            case .twoIncarnations:
                "two incarnations of \(peer) act simultaneously"
                    + (places.unprovedFrom.map { " (one that is not believed speaks from \($0))" } ?? "")
            }
        return
            "\(finding): a second daemon uses the id, a snapshot was restored, or a host lies; give every node an id and a "
            + "state_directory of its own, and restart the daemon of a restored host"
    }
}
