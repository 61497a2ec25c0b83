import FailureDetection
import Records
import Testing

@testable import Services

/// The table of what systemd 252 sends, row by row: the order and the distances are those that were measured.
@Suite("services: what the service manager sends, row by row")
struct SignalTableTests {
    @Test("kill -9, Restart=always: down, then restarting with the cause; `failed` is never reported")
    func killedAndRestarted() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001.2, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.at(1_001.4, .unit(.activating, 1, sub: .autoRestart, result: .signal, end: .killed(9)))
        unit.at(
            1_100, .unit(.activating, 1, sub: .autoRestart, result: .signal, end: .killed(9), job: .restart))
        unit.at(1_101, .unit(.inactive, 2, job: .restart))
        unit.at(1_102, .unit(.activating, 2, job: .restart))
        unit.at(1_103, .unit(.active, 2, job: .restart))
        unit.at(1_104, .unit(.active, 2))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "restarting signal signal 9!", "starting", "up"])
        #expect(unit.watch.status.generation == 2 && unit.watch.status.restarts == 1)
        #expect(unit.restarts.map(\.ended) == [Timeline.instant(1_000_000)])
        #expect(unit.restarts.map(\.started) == [Timeline.instant(1_103_000)])
    }

    @Test("the same where the bus is first, and where the unit stood in `failed` before")
    func busFirst() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.at(1_000.2, .unit(.activating, 1, sub: .autoRestart, result: .signal, end: .killed(9)))
        unit.at(1_000.5, .exit(1))
        unit.at(1_101, .unit(.failed, 2, result: .signal, job: .restart))
        unit.at(1_103, .unit(.active, 2))
        unit.until(9_000)
        #expect(
            unit.lines == ["restarting signal signal 9", "restarting signal signal 9!", "starting", "up"])
    }

    @Test("kill -9 and exit 3, Restart=no: down, then failed with the cause", arguments: [true, false])
    func failed(isKilled: Bool) {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(
            1_001.7,
            .unit(
                .failed, 1, result: isKilled ? .signal : .exitCode, end: isKilled ? .killed(9) : .exited(3)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", isKilled ? "failed signal signal 9!" : "failed exit status 3!"])
    }

    @Test("a failure that only the bus reports is held for 5 ms, and is not proved")
    func held() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.failed, 1, result: .exitCode, end: .exited(3)))
        unit.until(1_004.9)
        #expect(unit.lines.isEmpty)
        unit.until(1_005)
        #expect(unit.lines == ["failed exit status 3"])
    }

    @Test("one that the manager may start again is given as long as a busy host takes to learn of that")
    func heldForRestart() {
        var unit = Timeline.running()
        let restarts = { (properties: inout UnitProperties) in properties.mayRestart = true }
        unit.at(1_000, .unit(.failed, 1, result: .signal, end: .killed(9), change: restarts))
        unit.at(
            1_060,
            .unit(.activating, 1, sub: .autoRestart, result: .signal, end: .killed(9), change: restarts))
        #expect(unit.lines == ["restarting signal signal 9"])
        unit.at(2_000, .unit(.active, 2, change: restarts))
        unit.at(3_000, .unit(.failed, 2, result: .signal, end: .killed(9), change: restarts))
        unit.until(3_099)
        #expect(unit.lines == ["restarting signal signal 9", "up"])
        unit.until(3_100)
        #expect(unit.lines.last == "failed signal signal 9")
    }

    @Test("systemctl stop: stopping, stopped; planned")
    func stop() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.active, 1, job: .stop))
        unit.at(1_000.3, .unit(.deactivating, 1, job: .stop))
        unit.at(1_001, .exit(1))
        unit.at(1_002, .unit(.inactive, 1, end: .killed(15), job: .stop))
        unit.at(1_002.1, .unit(.inactive, 1, end: .killed(15)))
        unit.at(1_003, .notLoaded(.notAsked))
        unit.until(9_000)
        #expect(unit.lines == ["stopping planned", "stopped planned"])
    }

    @Test("systemctl restart, whose exit comes before any sign of it: down, and no failure")
    func restartExitFirst() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_000.25, .unit(.active, 1, job: .restart))
        unit.at(1_001.1, .unit(.deactivating, 1, job: .restart))
        unit.at(1_002, .unit(.inactive, 1, end: .killed(15), job: .restart))
        unit.at(1_003, .unit(.inactive, 2, job: .restart))
        unit.at(1_004, .unit(.activating, 2, job: .restart))
        unit.at(1_005, .unit(.active, 2, job: .restart))
        unit.at(1_006, .unit(.active, 2))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "stopping planned", "stopped planned", "starting", "up"])
        #expect(unit.watch.status.generation == 2 && unit.watch.status.restarts == 0)
        #expect(unit.restarts.count == 1, "a restart by hand is visible in the activation alone")
    }

    @Test("out of memory: the cause is known before the manager's last word; `deactivating` is not planned")
    func outOfMemory() {
        var unit = Timeline.running()
        unit.at(1_000, .oomKill(of: Timeline.id(1)))
        unit.at(1_001, .unit(.deactivating, 1, result: .oomKill))
        unit.at(1_002, .exit(1))
        unit.at(1_003, .unit(.failed, 1, result: .oomKill, end: .killed(9)))
        unit.until(9_000)
        #expect(unit.lines == ["stopping oom", "down oom!", "failed oom signal 9!"])
    }

    @Test("out of memory where the manager says only that a signal ended it")
    func outOfMemoryBySignal() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .oomKill(of: Timeline.id(1)))
        unit.at(1_003, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "down oom!", "failed oom signal 9!"])
    }

    @Test("out of memory in a child, OOMPolicy=continue: up, with a detail")
    func childKilled() {
        var unit = Timeline.running()
        unit.at(1_000, .oomKill(of: Timeline.id(1)))
        unit.until(1_999)
        #expect(unit.lines.isEmpty, "it may be the cause of an end that is about to follow")
        unit.until(9_000)
        #expect(unit.lines == ["up a child was killed"])
        unit.at(60_000, .exit(1))
        unit.at(60_002, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(70_000)
        #expect(unit.lines.last == "failed signal signal 9!", "an old kill is not the cause of a new one")
    }

    @Test("watchdog: the result has the cause, the status says ABRT")
    func watchdog() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.deactivating, 1, result: .watchdog))
        unit.at(1_002, .exit(1))
        unit.at(1_003, .unit(.failed, 1, result: .watchdog, end: .killed(6)))
        unit.until(9_000)
        #expect(unit.lines == ["stopping watchdog", "down watchdog!", "failed watchdog signal 6!"])
    }

    @Test(
        "start limit: derived from auto-restart, then failed with the same activation",
        arguments: [true, false])
    func startLimit(passesInactive: Bool) {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .unit(.failed, 1, result: .exitCode, end: .exited(1)))
        unit.at(1_001.2, .unit(.activating, 1, sub: .autoRestart, result: .exitCode, end: .exited(1)))
        if passesInactive {
            unit.at(1_100, .unit(.inactive, 1, result: .exitCode, end: .exited(1), job: .restart))
        }
        unit.at(1_100.3, .unit(.failed, 1, result: .exitCode, end: .exited(1)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "restarting exit status 1!", "failed start-limit status 1!"])
    }

    @Test("systemctl stop while the unit waits to be started again: stopped, planned")
    func stopDuringAutoRestart() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001.2, .unit(.activating, 1, sub: .autoRestart, result: .signal, end: .killed(9)))
        unit.at(1_050, .unit(.inactive, 1, result: .signal, end: .killed(9), job: .unknown))
        unit.at(1_050.5, .unit(.inactive, 1, result: .signal, end: .killed(9)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "restarting signal signal 9!", "stopped planned"])
    }

    @Test("core dump")
    func core() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_020, .unit(.failed, 1, result: .coreDump, end: .dumped(11)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "failed core signal 11!"])
    }

    @Test("systemctl freeze: only the cgroup says so; it ends with the cgroup's word or with the activation")
    func freeze() {
        var unit = Timeline.running()
        unit.at(1_000, .cgroup(isPopulated: true, isFrozen: true, of: Timeline.id(1)))
        unit.at(2_000, .cgroup(isPopulated: true, isFrozen: false, of: Timeline.id(1)))
        unit.at(3_000, .cgroup(isPopulated: true, isFrozen: true, of: Timeline.id(1)))
        unit.at(4_000, .unit(.active, 2))
        unit.at(4_001, .cgroup(isPopulated: true, isFrozen: true, of: Timeline.id(1)))
        #expect(unit.lines == ["hung frozen", "up", "hung frozen", "up"])
    }

    @Test(
        "forking without a main process: all killed is no stop, for no job asked for it; one of two is nothing"
    )
    func forking() {
        var unit = Timeline()
        let withoutMain = { (properties: inout UnitProperties) in properties.mainPID = 0 }
        unit.at(0, .unit(.active, 1, change: withoutMain))
        unit.begin()
        unit.at(1_000, .cgroup(isPopulated: true, isFrozen: false, of: Timeline.id(1)))
        #expect(unit.lines.isEmpty)
        unit.at(2_000, .cgroup(isPopulated: false, isFrozen: false, of: Timeline.id(1)))
        unit.at(2_001, .unit(.inactive, 1, change: withoutMain))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "failed exit status unknown!"])
    }

    @Test("oneshot with RemainAfterExit: the exit of its process means nothing")
    func oneshot() {
        var unit = Timeline()
        let oneshot = { (properties: inout UnitProperties) in properties.isOneshot = true }
        unit.at(0, .unit(.activating, 1, job: .start, change: oneshot))
        unit.at(10, .exit(1))
        unit.at(11, .unit(.active, 1, sub: .exited, end: .exited(0), change: oneshot))
        unit.at(11, .cgroup(isPopulated: false, isFrozen: false, of: Timeline.id(1)))
        unit.until(5_000)
        #expect(unit.lines == ["starting", "up"])
        unit.at(6_000, .unit(.inactive, 1, end: .exited(0), job: .stop, change: oneshot))
        #expect(unit.lines.last == "stopped planned")
    }

    @Test("a timer's oneshot that ends with status 0 is stopped; no failure")
    func timer() {
        var unit = Timeline()
        let oneshot = { (properties: inout UnitProperties) in properties.isOneshot = true }
        unit.at(0, .unit(.activating, 1, job: .start, change: oneshot))
        unit.at(10, .exit(1))
        unit.at(11, .unit(.inactive, 1, end: .exited(0), change: oneshot))
        unit.until(5_000)
        #expect(unit.lines.last == "stopped" && !unit.lines.contains { $0.hasPrefix("failed") })
    }

    @Test("a socket unit that is up, the service idle: up, on demand; then a start as any")
    func socket() {
        var unit = Timeline()
        let socket = { (properties: inout UnitProperties) in properties.isStartedBySocket = true }
        unit.at(0, .properties(UnitProperties(.inactive, invocation: .none)))
        #expect(unit.lines == ["stopped"])
        unit.at(1, .unit(.inactive, 0, change: socket))
        unit.at(1_000, .unit(.inactive, 1, job: .start))
        unit.at(1_001, .unit(.active, 1, job: .start, change: socket))
        #expect(unit.lines == ["stopped", "up idle, starts on demand", "starting", "up"])
        var unused = Timeline()
        unused.at(1, .unit(.inactive, 0, change: { ($0.isStartedBySocket, $0.invocation) = (true, .none) }))
        unused.at(1_000, .notLoaded(.notAsked))
        #expect(
            unused.lines == ["up idle, starts on demand", "stopped"], "the socket is gone, and it with it")
    }

    @Test("the file is gone: up, with a finding beside it")
    func fileGone() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.active, 1, change: { $0.isFileThere = false }))
        #expect(unit.lines.isEmpty && unit.watch.findings == [.fileGone])
    }

    @Test("daemon-reload and daemon-reexec announce all anew: nothing changes")
    func reload() {
        var unit = Timeline.running()
        for _ in 0..<3 {
            unit.at(1_000, .manager(isReachable: false))
            unit.at(1_200, .unit(.active, 1))
        }
        #expect(unit.lines.isEmpty && unit.watch.findings.isEmpty)
    }

    @Test("a kill during a daemon-reload: down immediately, the cause when it comes")
    func killDuringReload() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_143, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(9_000)
        #expect(unit.lines == ["down!", "failed signal signal 9!"])
    }

    @Test(
        "without the manager an end is no failure: down, after a while unknown, and then what the manager says"
    )
    func noBus() {
        var unit = Timeline.running()
        unit.at(500, .manager(isReachable: false))
        unit.at(1_000, .exit(1))
        unit.until(10_999)
        #expect(unit.lines == ["down!"] && unit.watch.findings == [.noManager])
        unit.until(60_000)
        #expect(unit.lines == ["down!", "unknown status unknown"])
        unit.at(60_001, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(61_000)
        #expect(unit.lines.last == "failed signal signal 9!" && unit.lines.count == 3)
    }

    @Test(
        "a unit that was started again without our manager is up when the manager is back, and was restarted once"
    )
    func restartWithoutBus() {
        var unit = Timeline.running()
        unit.at(500, .manager(isReachable: false))
        unit.at(1_000, .exit(1))
        unit.at(22_000, .unit(.active, 2))
        unit.at(22_001, .manager(isReachable: true))
        unit.until(60_000)
        #expect(unit.lines == ["down!", "unknown status unknown", "up"] && unit.watch.findings.isEmpty)
        #expect(unit.restarts.count == 1 && unit.watch.status.restarts == 1)
        #expect(unit.restarts.first?.ended == Timeline.instant(1_000_000))
    }

    @Test("a manager that is reachable and silent makes no failure of an end either")
    func silentManager() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.until(9_000)
        #expect(unit.lines == ["down!"] && unit.watch.findings.isEmpty)
    }

    @Test(
        "without the manager, states that pass by themselves are not believed for long; others are",
        arguments: [ActiveState.activating, .deactivating, .active, .inactive, .failed])
    func staleWord(state: ActiveState) {
        var unit = Timeline()
        unit.at(0, .unit(state, 1))
        unit.until(1_000)
        let before = unit.watch.status.state
        for moment in 2...4 { unit.at(Double(moment) * 1_000, .manager(isReachable: false)) }
        unit.until(11_999)
        #expect(unit.watch.status.state == before)
        unit.until(12_000)
        let passes = state == .activating || state == .deactivating
        #expect(unit.watch.status.state == (passes ? .unknown : before))
    }

    @Test("a failure that the manager may take back is none when the manager is lost before that shows")
    func lostWhileHeld() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .unit(.failed, 1, result: .signal, end: .killed(9)) { $0.mayRestart = true })
        unit.at(1_002, .manager(isReachable: false))
        unit.until(60_000)
        #expect(unit.lines == ["down!", "unknown status unknown"])
    }

    @Test("a stopped unit is collected, and is stopped; a name that was never there is a finding")
    func notLoaded() {
        var missing = Timeline()
        missing.at(0, .notLoaded(.missing))
        #expect(missing.watch.status.state == .unknown && missing.watch.findings == [.noSuchUnit])
        var masked = Timeline()
        masked.at(0, .notLoaded(.masked))
        #expect(masked.watch.status.state == .unknown && masked.watch.findings == [.masked])
        var there = Timeline()
        there.at(0, .notLoaded(.there))
        #expect(there.lines == ["stopped"] && there.watch.findings.isEmpty)
        there.at(1_000, .unit(.inactive, 1, job: .start))
        there.at(1_001, .unit(.active, 1))
        #expect(there.lines == ["stopped", "starting", "up"] && there.restarts.isEmpty)
    }
}
