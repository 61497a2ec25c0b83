internal import FailureDetection
internal import Wire

/// What each host has had from each other one, could send to it, and said against it: the truth behind its evidence.
struct EvidenceBook: Sendable {
    /// When the latest of a peer's datagrams that a host believed was sent.
    private(set) var freshest: [[Instant]]
    /// When the latest of a peer's datagrams in its present incarnation was sent that a host has read,
    /// believed or not.
    private(set) var reached: [[Instant]]
    /// Since when a host has been unable to send to a peer, as seen at its turns; `.never` while it can.
    private(set) var mute: [[Instant]]
    /// Since when a host has suspected a peer, as seen at its turns; `.never` while it does not.
    private(set) var suspected: [[Instant]]
    /// When a host last held a peer for failed.
    private(set) var voted: [[Instant]]
    /// Of which hosts each host said so in its latest turn.
    private var voters: [Int]

    init(nodes: Int) {
        let never = Array(repeating: Array(repeating: Instant(nanoseconds: .min), count: nodes), count: nodes)
        (freshest, reached, voted) = (never, never, never)
        mute = Array(repeating: Array(repeating: .never, count: nodes), count: nodes)
        suspected = mute
        voters = Array(repeating: 0, count: nodes)
    }

    /// Notes a datagram that a host has read.
    mutating func note(_ delivery: Delivery, at place: Int) {
        let sender = delivery.from
        guard sender < freshest.count, place < freshest.count, !delivery.isCorrupted else { return }
        if delivery.isBelieved { freshest[place][sender] = max(freshest[place][sender], delivery.sent) }
    }

    /// Notes that what a host has read arrived before its next turn.
    mutating func noteArrival(of delivery: Delivery, at place: Int, in world: World) {
        let sender = delivery.from
        guard sender < freshest.count, place < freshest.count, !delivery.isCorrupted else { return }
        guard world.hosts[sender].incarnations.last?.epoch == delivery.epoch else { return }
        reached[place][sender] = max(reached[place][sender], delivery.sent)
    }

    /// Notes what a host could do, and thinks, at the end of its turn.
    mutating func note(_ monitor: Monitor, at place: Int, peers: [Int], in world: World) {
        for peer in peers {
            let isMute = !world.canSend(from: place, to: peer)
            if isMute != (mute[place][peer] < .never) { mute[place][peer] = isMute ? world.now : .never }
        }
        for index in 0..<monitor.count {
            let (peer, isSuspected) = (peers[index], monitor.state(ofPeer: index) == .suspected)
            if isSuspected != (suspected[place][peer] < .never) {
                suspected[place][peer] = isSuspected ? world.now : .never
            }
        }
        let subjects = monitor.opinions.compactMap { monitor.index(of: $0.subject) }
        noteVotes(about: subjects.map { peers[$0] }, of: place, at: world.now)
    }

    /// Notes that a host holds others for failed.
    mutating func noteVotes(about others: [Int], of place: Int, at now: Instant) {
        for other in others { voted[place][other] = now }
    }
}

extension World {
    /// Whether a datagram of one host for another one is handed to the network.
    func canSend(from: Int, to: Int) -> Bool {
        hosts[from].lookups.number(of: to) != nil && !links.isBlocked(from: from, to: to)
    }
}
