/// The columns of the table of peers, in the order in which they are shown.
package enum PeersColumn: CaseIterable {
    case peer, address, state, cause, duration, heard, roundTrip, lossIn, lossOut, bound, suspicions, wrong
    case deadline

    /// The column's title.
    package var title: String {
        switch self {
        case .peer: "PEER"
        case .address: "ADDRESS"
        case .state: "STATE"
        case .cause: "CAUSE"
        case .duration: "FOR"
        case .heard: "HEARD"
        case .roundTrip: "RTT"
        case .lossIn: "LOSS IN"
        case .lossOut: "LOSS OUT"
        case .bound: "BOUND"
        case .suspicions: "SUSPICIONS"
        case .wrong: "WRONG"
        case .deadline: "DEADLINE"
        }
    }

    /// What the column shows, as a legend has it.
    package var meaning: String {
        switch self {
        case .peer: "the peer's id"
        case .address: "where datagrams to it are sent"
        case .state: "its state; confirmed is suspected, and a quorum of independent observers agrees"
        case .cause: "why it is suspected, or what is wrong with its link; proved or likely"
        case .duration:
            "for how long it has been in this state, or, where that is outbound, has not heard this node"
        case .heard: "when its last authentic datagram arrived"
        case .roundTrip: "the smoothed round-trip time"
        case .lossIn: "the share of its datagrams to this node that are lost"
        case .lossOut: "the share of this node's datagrams to it that are lost"
        case .bound:
            "the longest time from a crash to the suspicion, as things are now; of it, what losses cost"
        case .suspicions: "how often it was suspected since the daemon started"
        case .wrong:
            "how many of these were wrong: it lived, and that could not be distinguished from a crash"
        case .deadline: "watch only: how much of the time until it is overdue is left"
        }
    }

    /// On which side of the column its cells stand.
    var alignment: Table.Alignment {
        switch self {
        case .peer, .address, .state, .cause, .deadline: .left
        case .duration, .heard, .roundTrip, .lossIn, .lossOut, .bound, .suspicions, .wrong: .right
        }
    }

    /// The columns in the order in which they give way on a narrow terminal.
    static let expendable: [Self] = [
        .suspicions, .address, .wrong, .roundTrip, .lossOut, .lossIn, .bound, .heard, .deadline, .duration,
    ]
}
