import CausalClock
import FailureDetection

/// What our transport carries, here through an array, in 2 ms: a message, and which hosts its sender suspects.
typealias Packet = (to: HostID, due: Instant, message: InboundMessage, opinions: OpinionList)

/// A host of ours around its failure detector.
struct Host {
    var monitor: Monitor
    var effects = Effects()

    init(_ id: HostID, among all: [HostID], epoch: Epoch, at now: Instant) {
        let peers = all.filter { $0 != id }.map {
            PeerSettings(id: $0, interval: TimeSpan(.milliseconds(200)))
        }
        monitor = Monitor(id: id, epoch: epoch, peers: peers, seed: epoch.value, at: now)
    }

    /// One turn of the loop: was it late? Then all that has arrived, then what is due, all at one `now`.
    mutating func turn(_ arrived: [Packet], at now: Instant) -> [Packet] {
        var sent = handle(.turnBegan, at: now)
        for packet in arrived {
            var message = packet.message
            message.arrived = packet.due
            guard message.isWellFormed else { continue }
            sent += handle(.received(message), at: now)
            sent += handle(.opinions(packet.opinions, arrived: packet.due), at: now)
        }
        return sent + handle(.wake, at: now)
    }

    private mutating func handle(_ event: Event, at now: Instant) -> [Packet] {
        effects.removeAll()
        monitor.handle(event, at: now, into: &effects)
        var sent: [Packet] = []
        for case .send(let outgoing) in effects.items {
            let message = monitor.message(for: outgoing, at: now)
            sent.append(
                (monitor.id(ofPeer: outgoing.to), now + .milliseconds(2), message, monitor.opinionList))
        }
        for case .notice(let notice) in effects.items where monitor.id == ids[0] {
            let verdict = notice.verdict.map { " \($0.cause), \($0.certainty)" } ?? ""
            print(
                "\(now.nanoseconds / 1_000_000) ms: \(notice.kind) \(notice.peer?.description ?? "")\(verdict)"
            )
        }
        return sent
    }
}

let ids = ["a", "b", "c"].compactMap { HostID($0) }
var (now, onTheWay) = (Instant(nanoseconds: 0), [Packet]())
var hosts = ids.map { Host($0, among: ids, epoch: Epoch(1), at: now) }

/// Lets all hosts run until an instant: time goes from one deadline, or arrival, to the next.
@MainActor func run(until end: Instant) {
    while now < end {
        let due = hosts.compactMap(\.monitor.nextDeadline?.instant) + onTheWay.map(\.due) + [end]
        now = max(now, due.min() ?? end)
        let arrived = onTheWay.filter { $0.due <= now }
        onTheWay.removeAll { $0.due <= now }
        for index in hosts.indices {
            onTheWay += hosts[index].turn(arrived.filter { $0.to == hosts[index].monitor.id }, at: now)
        }
    }
}

run(until: now + .seconds(2))
hosts.removeLast()  // c crashes,
run(until: now + .seconds(2))
hosts.append(Host(ids[2], among: ids, epoch: Epoch(2), at: now))  // and is started again
run(until: now + .seconds(2))
