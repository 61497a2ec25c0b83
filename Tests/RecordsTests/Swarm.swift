import CausalClock
import FailureDetection
import TestSupport

@testable import Records

/// Hosts that exchange records over links that lose, double and delay datagrams; one step is a millisecond.
struct Swarm {
    struct Faults {
        /// Of 100 datagrams so many are lost, and so many doubled.
        var (lost, doubled) = (0, 0)
        /// The longest delay, in milliseconds, at least 1.
        var delay = 3
    }

    private enum Payload {
        case heartbeat(RecordDigests)
        case records([Record])
        case repair(RepairMessage)
    }

    private struct Flight {
        let (arrival, from, to, number): (Int, Int, Int, UInt64)
        let acknowledgement: LinkAcknowledgement
        let payload: Payload
    }

    private struct Link {
        var sent: UInt64 = 0
        var received: Set<UInt64> = []
        var acknowledgement: LinkAcknowledgement {
            let highest = received.max() ?? 0
            let bits = (0..<64 as Range<UInt64>).filter {
                highest > $0 + 1 && received.contains(highest - 1 - $0)
            }
            return LinkAcknowledgement(
                highest: highest, bitmap: bits.reduce(0) { $0 | 1 << $1 }, delay: .zero)
        }
    }

    static let interval = 200
    let hosts: [HostID]
    private let neighbours: [[Int]]
    var exchanges: [RecordExchange]
    private var counters: [UInt64]
    private var links: [[Link]]
    private var flights: [Flight] = []
    var faults = Faults()
    private(set) var step = 0
    private(set) var conflicts: [HostID] = []
    private(set) var datagrams = 0
    private var numbers: SeededGenerator

    init(count: Int, degree: Int, seed: UInt64) {
        let hosts = Array(Names.hosts.prefix(count))
        self.hosts = hosts
        neighbours = hosts.indices.map { host in
            let ring = (1...max(1, degree / 2)).flatMap {
                [(host + $0) % count, (host + count - $0) % count]
            }
            return Array(Set(ring)).sorted()
        }
        exchanges = hosts.map { RecordExchange(store: Names.store(of: $0, members: hosts)) }
        counters = hosts.map { _ in 0 }
        links = hosts.map { _ in hosts.map { _ in Link() } }
        numbers = SeededGenerator(seed: seed)
        for host in hosts.indices {
            exchanges[host].setMembers(hosts, neighbours: neighbours[host].map { hosts[$0] })
        }
    }

    private var now: Instant { Instant(nanoseconds: 0) + .seconds(1_000) + .milliseconds(Int64(step)) }

    func context(_ host: Int) -> MergeContext { Names.context(of: hosts[host], event: counters[host]) }

    /// Writes a record of a host's own.
    mutating func publish(_ body: Record.Body, by host: Int) {
        counters[host] += 1
        let dot = Dot(host: hosts[host], epoch: Epoch(1), counter: counters[host])
        _ = exchanges[host].publish(Record(body, at: dot), at: now)
    }

    /// Gives records to a host as if a neighbour had sent them.
    mutating func inject(_ records: [Record], into host: Int) {
        take(
            exchanges[host].receive(records, from: hosts[neighbours[host][0]], in: context(host), at: now),
            host)
    }

    /// A record in a host's own name that it did not write is overridden in a later event.
    private mutating func take(_ events: [RecordEvent], _ host: Int) {
        for event in events {
            switch event {
            case .changed: break
            case .conflict(let author): conflicts.append(author)
            case .overridden(let record):
                counters[host] = max(counters[host], record.counter)
                if case .service(let name, _) = record.body {
                    publish(.service(name, .gone), by: host)
                } else {
                    publish(
                        record.member != nil ? .member(MemberFacts(version: "own")) : .view(View()), by: host)
                }
            }
        }
    }

    mutating func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            step += 1
            let arrived = flights.filter { $0.arrival <= step }
            flights.removeAll { $0.arrival <= step }
            for flight in arrived.shuffled(using: &numbers) { receive(flight) }
            for host in hosts.indices { turn(host) }
        }
    }

    private mutating func turn(_ host: Int) {
        take(exchanges[host].wake(in: context(host), at: now), host)
        let isHeartbeat = (step + host * 17) % Self.interval == 0
        for neighbour in neighbours[host] {
            let name = hosts[neighbour]
            if isHeartbeat {
                exchanges[host].spread.beginHeartbeat(
                    to: name, at: now, interval: .milliseconds(Int64(Self.interval)))
                send(.heartbeat(exchanges[host].store.digests), from: host, to: neighbour)
            }
            while let batch = exchanges[host].nextBatch(
                to: name, at: now, capacity: RecordLayout.maximumLength)
            {
                let number = send(.records(batch.records), from: host, to: neighbour)
                exchanges[host].spread.noteSent(batch, as: number, at: now)
            }
        }
        while let next = exchanges[host].nextRepair(at: now) {
            if let place = hosts.firstIndex(of: next.host) {
                send(.repair(next.message), from: host, to: place)
            }
        }
    }

    @discardableResult
    private mutating func send(_ payload: Payload, from: Int, to: Int) -> UInt64 {
        links[from][to].sent += 1
        datagrams += 1
        let isDoubled = Int.random(in: 0..<100, using: &numbers) < faults.doubled
        for _ in 0..<(isDoubled ? 2 : 1) where Int.random(in: 0..<100, using: &numbers) >= faults.lost {
            flights.append(
                Flight(
                    arrival: step + Int.random(in: 1...faults.delay, using: &numbers), from: from, to: to,
                    number: links[from][to].sent, acknowledgement: links[from][to].acknowledgement,
                    payload: payload))
        }
        return links[from][to].sent
    }

    private mutating func receive(_ flight: Flight) {
        let (host, sender) = (flight.to, hosts[flight.from])
        links[host][flight.from].received.insert(flight.number)
        exchanges[host].spread.receive(
            flight.acknowledgement, from: sender, at: now, roundTrip: .milliseconds(Int64(2 * faults.delay)))
        switch flight.payload {
        case .heartbeat(let digests):
            exchanges[host].compare(digests, of: sender, at: now)
        case .records(let records):
            take(exchanges[host].receive(records, from: sender, in: context(host), at: now), host)
        case .repair(let message):
            let space = RepairSpace(
                isProved: true, received: 0, overhead: 100, capacity: RepairCodec.maximumLength)
            take(
                exchanges[host].receive(
                    message, from: sender, answering: space, in: context(host), at: now), host)
        }
    }

    /// Whether all hosts hold the same.
    var isConverged: Bool {
        exchanges.allSatisfy { $0.store.contents == exchanges[0].store.contents && $0.gate.waiting.isEmpty }
    }

    /// Runs until all hosts hold the same; how long that took, or `nil` if it took longer than `limit`.
    mutating func converge(within limit: Int) -> Int? {
        let start = step
        while step - start < limit {
            if isConverged { return step - start }
            run(milliseconds: 5)
        }
        return isConverged ? step - start : nil
    }
}
