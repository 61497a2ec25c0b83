import CausalClock
import Testing

@testable import FailureDetection

/// What holds after every event, whatever the event was.
struct MonitorInvariants {
    private var states: [HostID: PeerState] = [:]
    private var suspicions: [HostID: UInt64] = [:]
    private var clock: VectorClock
    private var wasIsolated = false
    /// What was found wrong.
    private(set) var violations: [String] = []

    init(_ monitor: Monitor) {
        clock = monitor.clock
        for index in 0..<monitor.count { note(monitor, index) }
    }

    private mutating func note(_ monitor: Monitor, _ index: Int) {
        states[monitor.id(ofPeer: index)] = monitor.state(ofPeer: index)
        suspicions[monitor.id(ofPeer: index)] = monitor.report(ofPeer: index).suspicions
    }

    private mutating func check(_ isRight: Bool, _ what: @autoclosure () -> String) {
        if !isRight { violations.append(what()) }
    }

    /// Checks what a reload or a restart did: the clock continues, and what is thought of peers is begun with anew.
    mutating func afterChange(_ monitor: Monitor) {
        checkClock(monitor)
        states = [:]
        suspicions = [:]
        for index in 0..<monitor.count { note(monitor, index) }
        // That a reload ended it is reported with the next event.
        wasIsolated = monitor.isolatedSince != nil || monitor.isolation.unreportedEnd != nil
    }

    /// Checks what one event did.
    mutating func afterEvent(_ monitor: Monitor, _ effects: Effects) {
        checkClock(monitor)
        let notices = effects.items.compactMap { effect -> Notice? in
            guard case .notice(let notice) = effect else { return nil }
            return notice
        }
        checkIsolation(monitor, notices)
        for index in 0..<monitor.count {
            let id = monitor.id(ofPeer: index)
            let reported = notices.filter { $0.peer == id }.map(\.kind)
            checkTransition(monitor, index, reported)
            check(
                monitor.peers[index].probes.remembered.count <= ProbeRecord.capacity,
                "\(id): too many pings kept")
            note(monitor, index)
        }
        check(effects.items.count <= 60, "\(effects.items.count) effects of one event")
    }

    private mutating func checkTransition(_ monitor: Monitor, _ index: Int, _ reported: [Notice.Kind]) {
        let id = monitor.id(ofPeer: index)
        let (before, after) = (states[id] ?? .unknown, monitor.state(ofPeer: index))
        check(before == after || before.mayBecome(after), "\(id): \(before) became \(after)")
        let isNew = before != after
        check(reported.contains(.pending) == (isNew && after == .pending), "\(id): pending told wrongly")
        check(reported.contains(.leave) == (isNew && after == .left), "\(id): leave told wrongly")
        check(
            !reported.contains(.suspect) || after == .suspected,
            "\(id): suspect told of a peer that is \(after)")
        check(!reported.contains(.trust) || after == .trusted, "\(id): trust told of a peer that is \(after)")
        if isNew, after == .suspected {
            let mustTell = monitor.report(ofPeer: index).verdict?.cause != .isolated
            check(reported.contains(.suspect) == mustTell, "\(id): a suspicion told or hidden wrongly")
            checkUnsent(monitor, index)
        }
        if isNew, after == .trusted, before != .pending {
            check(reported.contains(.trust), "\(id): trust not told")
        }
        let count = (suspicions[id] ?? 0) + (isNew && after == .suspected ? 1 : 0)
        check(monitor.report(ofPeer: index).suspicions == count, "\(id): suspicions miscounted")
    }

    /// A suspicion of a peer to which nothing could be sent is neither a crash nor a vote.
    private mutating func checkUnsent(_ monitor: Monitor, _ index: Int) {
        guard monitor.peers[index].obstacle != nil else { return }
        let id = monitor.id(ofPeer: index)
        check(monitor.report(ofPeer: index).verdict?.cause != .crash, "\(id): a crash, and nothing was sent")
        check(!monitor.opinions.contains { $0.subject == id }, "\(id): a vote, and nothing was sent")
    }

    private mutating func checkIsolation(_ monitor: Monitor, _ notices: [Notice]) {
        for notice in notices where notice.kind == .isolated || notice.kind == .rejoined {
            check((notice.kind == .isolated) != wasIsolated, "\(notice.kind) told twice")
            wasIsolated.toggle()
        }
        check(wasIsolated == (monitor.isolatedSince != nil), "isolation not told")
    }

    private mutating func checkClock(_ monitor: Monitor) {
        check(monitor.clock.counter >= clock.counter, "our counter went back")
        check(monitor.clock.entries.count <= RandomEvents.names.count, "the clock grew")
        for entry in clock.entries {
            // Of a host that is no longer watched nothing is kept.
            guard monitor.index(of: entry.host) != nil else { continue }
            let known = monitor.clock.latest(of: entry.host)
            check(known.map { !$0.precedes(entry) } ?? false, "the entry \(entry) went back")
        }
        clock = monitor.clock
    }

    /// Checks that a wake left nothing that is still due, and that the heap agrees with the peers.
    mutating func afterWake(_ monitor: Monitor, at now: Instant) {
        let soonest = monitor.peers.map { $0.nextDeadline(late: monitor.health.reading.bound).instant }.min()
        check(monitor.nextDeadline?.instant == soonest, "the heap is out of step")
        check(soonest.map { $0 > now } ?? true, "still due after a wake")
    }
}
