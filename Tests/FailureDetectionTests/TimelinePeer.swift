import CausalClock

@testable import FailureDetection

/// A peer in a drawing: it sends what the drawing says, and remembers what it was sent.
///
/// Its messages take no time, and its clock is an hour ahead of ours.
struct TimelinePeer {
    let id: HostID
    var interval: TimeSpan
    /// The other peers, of which it may bring news.
    let others: [HostID]

    /// The number that its last words have, and by how much those of the next process are later.
    private static let reserved: UInt64 = 1 << 14

    private var words = Self.reserved
    private var epoch = Epoch(10)
    private var counter: UInt64 = 0
    private var sequence: UInt64 = 0
    private var news: UInt64 = 100
    private var received: OutboundMessage?
    private var acknowledged: OutboundMessage?
    private var pings: [UInt64] = []
    private var last: InboundMessage?
    private var heldBack: InboundMessage?

    init(id: HostID, interval: TimeSpan, others: [HostID]) {
        self.id = id
        self.interval = interval
        self.others = others
    }

    /// Takes a message of ours.
    mutating func receive(_ outgoing: OutboundMessage) {
        received = outgoing
        if case .ping(let nonce) = outgoing.body { pings.append(nonce) }
    }

    /// What a symbol stands for.
    mutating func events(_ symbol: Character, place: Int, at now: Instant) -> [Event] {
        if symbol == "x" { return [.portUnreachable(peer: place, isVerified: true)] }
        if symbol == "X" { return [.portUnreachable(peer: place, isVerified: false)] }
        if symbol == "Y" { words += Self.reserved }
        if symbol == "W" || symbol == "Y" {
            return [.lastWords(Dot(host: id, epoch: epoch, counter: words), arrived: now)]
        }
        return receptions(symbol, at: now).map { .received($0) }
    }

    /// The messages that a symbol stands for.
    ///
    ///     h heartbeat   i heartbeat that announces twice the interval   y heartbeat that was a second on the way
    ///     n heartbeat of a peer that hears us no more   v heartbeat with news of the other peers
    ///     p ping   o pong to our latest ping   q pong to the first of our pings   u pong to no ping of ours
    ///     l leave R heartbeat of a new incarnation E heartbeat of the incarnation before f heartbeat of an
    ///     incarnation too far ahead d the last message again z a heartbeat, then one of 100 numbers before w
    ///     a claim that we did what we did not g heartbeat that is held back G it arrives now r it had
    ///     arrived then, and is read now s pong that is held back (G or r, too) W the last words of its daemon
    ///     j heartbeat of the process that continues with its incarnation after these V a heartbeat with news
    ///     of such processes of the other peers Y the last words of the process after that one N a heartbeat with
    ///     news of later incarnations of the other peers c heartbeat of a process that continues without last words
    private mutating func receptions(_ symbol: Character, at now: Instant) -> [InboundMessage] {
        switch symbol {
        case "i": interval = interval * 2
        case "R":
            epoch = Epoch(epoch.value + 1)
            (counter, sequence) = (0, 0)
        case "v": news += 1
        case "V": news = max(news, 2 * Self.reserved) + 1
        case "j": counter = words
        case "d": return [last].compactMap { $0 }
        case "z":
            let old = message(.heartbeat, at: now)
            sequence += 100
            return [message(.heartbeat, at: now), old]
        case "r": return [heldBack].compactMap { $0 }
        case "G":
            return [heldBack].compactMap { $0 }.map { held in
                var late = held
                late.arrived = now
                return late
            }
        default: break
        }
        if symbol != "n" { acknowledged = received }
        var message = message(body(symbol), at: now)
        switch symbol {
        case "y": message.sent = message.sent - .seconds(1)
        case "v", "V": message.clock = others.map { Dot(host: $0, epoch: Epoch(10), counter: news) }
        case "N": message.clock = others.map { Dot(host: $0, epoch: Epoch(11), counter: 1) }
        case "c": message.hasGaps = true
        case "w": message.clock = [Dot(host: host("a"), epoch: Epoch(5), counter: 1 << 40)]
        case "E": message.dot.epoch = Epoch(epoch.value - 1)
        case "f": message.dot.epoch = Epoch(1_000_000)
        default: break
        }
        guard symbol != "g", symbol != "s" else {
            heldBack = message
            return []
        }
        last = message
        return [message]
    }

    private mutating func body(_ symbol: Character) -> InboundMessage.Body {
        switch symbol {
        case "p": .ping(nonce: 77)
        case "o", "s": .pong(nonce: pings.last ?? 0, waited: .zero)
        case "q": .pong(nonce: pings.first ?? 0, waited: .zero)
        case "u": .pong(nonce: 123_456, waited: .zero)
        case "l": .leave
        default: .heartbeat
        }
    }

    private mutating func message(_ body: InboundMessage.Body, at now: Instant) -> InboundMessage {
        counter += 1
        sequence += 1
        let ack = acknowledged.map {
            LinkAcknowledgement(highest: $0.sequence, bitmap: .max, delay: now - $0.sent)
        }
        // A host that has received a message of ours knows the event that was its sending.
        let known = acknowledged.map { Dot(host: host("a"), epoch: Epoch(5), counter: $0.counter) }
        return InboundMessage(
            dot: Dot(host: id, epoch: epoch, counter: counter), sequence: sequence,
            sent: now + .seconds(3_600),
            arrived: now, interval: interval, body: body, acknowledgedEpoch: ack == nil ? nil : Epoch(5),
            acknowledgement: ack ?? LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero),
            clock: known.map { [$0] } ?? [])
    }
}
