import CausalClock
import FailureDetection
import TestSupport

@testable import Records

/// Names that the tests of records use.
enum Names {
    static let hosts = (0..<12).compactMap { HostID("h\($0)") }
    static let services = (0..<40).compactMap { ServiceName("s\($0)") }
    static let hash = RecordHash(MixingHash(key: 7))
    /// A context in which incarnations up to 1,000 are believed; the owner is in incarnation 1, before its first event.
    static func context(of owner: HostID, event: UInt64 = 0, epoch: UInt64 = 1) -> MergeContext {
        MergeContext(
            latestCredible: Epoch(1_000), own: Dot(host: owner, epoch: Epoch(epoch), counter: event))
    }

    static func store(of owner: HostID, members: [HostID] = hosts) -> RecordStore {
        var store = RecordStore(owner: owner, hash: hash)
        store.setMembers(members)
        return store
    }
}

extension Record {
    /// A view by one host of others that it suspects.
    static func view(
        by author: HostID, _ epoch: UInt64, _ counter: UInt64, suspects: [HostID] = [],
        abstains: Bool = false, suspected: UInt64 = 1
    ) -> Record {
        let reports = suspects.map {
            SuspicionReport(
                subject: Names.hash.of(host: $0), epoch: Epoch(suspected), counter: min(counter, 1),
                verdict: Verdict(.crash, .suspected))
        }
        return Record(
            .view(View(suspects: reports, abstains: abstains)),
            at: Dot(host: author, epoch: Epoch(epoch), counter: counter))
    }

    /// What a member says of itself.
    static func member(
        _ author: HostID, _ epoch: UInt64, _ counter: UInt64, version: String = "0.1.0",
        answers: [Answer] = []
    ) -> Record {
        Record(
            .member(MemberFacts(version: version, answers: answers)),
            at: Dot(host: author, epoch: Epoch(epoch), counter: counter))
    }

    /// What a service does.
    static func service(
        _ name: ServiceName, of author: HostID, _ epoch: UInt64, _ counter: UInt64,
        _ state: ServiceState = .up, generation: UInt64 = 1
    ) -> Record {
        Record(
            .service(name, ServiceFacts(state: state, generation: generation)),
            at: Dot(host: author, epoch: Epoch(epoch), counter: counter))
    }
}

/// Records of a few hosts, with few incarnations and events, so that keys and versions meet often.
///
/// Honest records have one value for each event; liars write several.
struct RecordGenerator {
    var numbers: SeededGenerator
    var liars = false

    init(seed: UInt64, liars: Bool = false) {
        numbers = SeededGenerator(seed: seed)
        self.liars = liars
    }

    mutating func record(of hosts: [HostID], services: Int = 3, epochs: UInt64 = 3, events: UInt64 = 6)
        -> Record
    {
        let author = hosts[Int.random(in: 0..<hosts.count, using: &numbers)]
        let epoch = UInt64.random(in: 1...epochs, using: &numbers)
        let counter = UInt64.random(in: 1...events, using: &numbers)
        // What an honest host writes in an event follows from the event.
        let value = liars ? UInt64.random(in: 0...2, using: &numbers) : epoch &* 31 &+ counter
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0..<3: return .view(by: author, epoch, counter, suspects: suspects(of: hosts, author, value))
        case 3..<5: return .member(author, epoch, counter, version: "v\(value)")
        case 5..<9:
            let name = Names.services[Int.random(in: 0..<services, using: &numbers)]
            return .service(
                name, of: author, epoch, counter, value.isMultiple(of: 2) ? .up : .down, generation: value)
        default: return Record(removing: author, upTo: Epoch(.random(in: 1..<epochs, using: &numbers)))
        }
    }

    private func suspects(of hosts: [HostID], _ author: HostID, _ value: UInt64) -> [HostID] {
        hosts.enumerated().filter { $0.element != author && (value >> UInt64($0.offset % 8)) & 1 == 1 }
            .map(\.element)
    }

    mutating func records(_ count: Int, of hosts: [HostID], services: Int = 3) -> [Record] {
        (0..<count).map { _ in record(of: hosts, services: services) }
    }
}
