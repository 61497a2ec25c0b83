package import CausalClock
internal import FailureDetection

/// Last words: prepared for the end of this daemon, and taken from those of others.
extension Endpoint {
    /// What peers are to be sent when this daemon has ended, and not as planned.
    ///
    /// - Parameter counter: a number above those of all that this process will send.
    /// - Returns: what is to be sealed, which takes some time with many peers; nothing for peers without an address.
    package func lastWords(numbered counter: UInt64) -> LastWordsPlan {
        let dot = Dot(host: monitor.id, epoch: monitor.clock.epoch, counter: counter)
        let places = links.indices.compactMap { index in
            address(ofPeer: index).map { LastWordsPlan.Place(peer: monitor.id(ofPeer: index), address: $0) }
        }
        return LastWordsPlan(dot: dot, places: places, sealer: sealer)
    }

    /// Reads the last words of a peer's daemon.
    ///
    /// Where nothing is sealed they count from the peer's own address alone; its port was the daemon's.
    mutating func takeLastWords(
        _ bytes: Span<UInt8>, from start: Int, arrived: Instant, at now: Instant,
        _ question: AnswerableDatagram, into outbox: inout Outbox
    ) {
        do throws(Refusal) {
            let dot = try LastWordsMessage.decode(bytes, from: start, for: monitor.id)
            if sealer == nil, let index = monitor.index(of: dot.host),
                !(address(ofPeer: index)?.isSameHost(as: question.source) ?? false)
            {
                throw .lastWords
            }
            handle(.lastWords(dot, arrived: arrived), at: now, answering: question, into: &outbox)
        } catch {
            refuse(error, from: question.source, at: now, into: &outbox)
        }
    }
}

/// The last words of a daemon, still to be sealed: in a thread, because that takes a microsecond or two for each peer.
package struct LastWordsPlan: Sendable {
    /// A peer that gets them.
    package struct Place: Sendable, Hashable {
        /// The peer.
        package let peer: HostID
        /// Where it is.
        package let address: NetworkAddress
    }

    /// The event that is kept for them.
    package private(set) var dot: Dot
    /// The peers that get them, in order of id.
    package let places: [Place]
    let sealer: (any DatagramSealer)?

    /// The same with another number.
    package func numbered(_ counter: UInt64) -> LastWordsPlan {
        var plan = self
        plan.dot.counter = counter
        return plan
    }

    /// The datagrams, in the same order.
    package func datagrams() -> [[UInt8]] {
        places.map { LastWordsMessage.datagram(of: dot, to: $0.peer, sealer: sealer) }
    }
}

extension Event {
    /// The sender of a datagram; `nil` for what is none.
    var sender: HostID? {
        switch self {
        case .received(let reception): reception.dot.host
        case .lastWords(let dot, _): dot.host
        default: nil
        }
    }
}
