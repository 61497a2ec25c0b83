internal import FailureDetection
internal import LinuxIO

extension Wording {
    /// That files of the state directory are gone.
    static func removed(_ names: [String], from directory: String) -> String {
        let (files, past, present) =
            names.count == 1 ? ("the file", "was", "is") : ("the files", "were", "are")
        return
            "\(files) \(names.joined(separator: ", ")) in \(directory) \(past) removed while the daemon runs, and "
            + "\(present) made anew; keep cleaners away from this directory"
    }

    /// That a peer sends from another address than the one that it is sent to, or did so while it was heard.
    static func move(from present: SocketAddress, to source: SocketAddress, in state: PeerState) -> String {
        switch state {
        case .left: ""
        case .trusted, .pending:
            "; it sends from \(source), and acknowledges nothing that is sent to \(present): has it moved?"
        case .suspected, .unknown:
            "; it last sent from \(source), and acknowledged nothing that was sent to \(present): has it moved?"
        }
    }

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
                    + (places.unprovedFrom.map { " (one that is not believed sends from \($0))" } ?? "")
            }
        return
            "\(finding): a second daemon uses the id, a snapshot was restored, or a host lies; give every node an id and a "
            + "state_directory of its own, and restart the daemon of a restored host"
    }
}
