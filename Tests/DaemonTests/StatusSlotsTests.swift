import Records
import Testing

@testable import Daemon

@Suite("slots at the status socket")
struct StatusSlotsTests {
    private static let second: Int64 = 1_000_000_000

    /// Connections of user 7 that share slots, idle since these seconds.
    private func slots(_ idleSince: [Int64?], user: UInt32 = 7, services: [ServiceName] = []) -> StatusSlots {
        let shared = idleSince.enumerated().map { number, since in
            StatusSlots.Occupant(
                token: UInt64(number), user: user, slot: .shared, idleSince: since.map { $0 * Self.second })
        }
        let kept = services.map {
            StatusSlots.Occupant(token: 900, user: user, slot: .service($0), idleSince: nil)
        }
        return StatusSlots(shared + kept, ownUser: 999)
    }

    @Test(
        "a process of an observed service has a slot although its user, or all users together, have none left"
    )
    func serviceFirst() throws {
        let web = try #require(ServiceName("web"))
        let full = slots(Array(repeating: nil, count: StatusSlots.userLimit))
        #expect(full.slot(forUser: 7) { nil } == nil)
        #expect(full.slot(forUser: 7) { web } == .service(web))
        #expect(full.slot(forUser: 8) { nil } == .shared)
        let all = slots(Array(repeating: nil, count: StatusSlots.limit))
        #expect(all.slot(forUser: 8) { web } == .service(web) && all.slot(forUser: 0) { nil } == .shared)
    }

    @Test("a service has its own slots only, and takes none of another")
    func ownOnly() throws {
        let (web, db) = (try #require(ServiceName("web")), try #require(ServiceName("db")))
        let full = slots(
            Array(repeating: nil, count: StatusSlots.userLimit),
            services: Array(repeating: web, count: StatusSlots.serviceLimit))
        #expect(full.slot(forUser: 7) { web } == nil)
        #expect(full.slot(forUser: 7) { db } == .service(db))
    }

    @Test("one that has been idle for longest makes space, and none that has just come or is at work")
    func idle() {
        var since = [Int64?](repeating: nil, count: StatusSlots.userLimit)
        (since[3], since[5]) = (20, 10)
        let full = slots(since)
        #expect(full.idle(forUser: 7, at: 30 * Self.second) == 5)
        #expect(full.idle(forUser: 7, at: 11 * Self.second) == nil)
        #expect(
            slots([10, 20], user: 0).idle(forUser: 7, at: 30 * Self.second) == nil, "those of root stay")
    }

    @Test("refusals are reported once a second, all of them")
    func refusals() {
        var refusals = StatusRefusals()
        #expect(refusals.take(at: 0) == nil)
        for _ in 0..<5 { refusals.note() }
        #expect(refusals.take(at: Self.second) == 5)
        refusals.note()
        #expect(refusals.take(at: Self.second + 1) == nil)
        #expect(refusals.take(at: 2 * Self.second) == 1)
    }
}
