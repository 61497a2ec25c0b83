internal import Glibc
internal import LinuxIO
internal import Records
internal import Services
internal import Systemd

/// What is held open of one unit: its main process and its cgroup; and what was last read.
///
/// Invariant: the descriptors are of `invocation`.
final class UnitEvidence {
    let observed: ObservedUnit
    /// Its object path; `nil` while it was never loaded.
    private(set) var path: String?

    private var invocation = InvocationID.none
    private var process: ProcessDescriptor?
    /// The main process whose end was reported, or whose descriptor is open; 0 for none.
    private var mainPID: UInt32 = 0
    private var events: CgroupFile?
    private var memory: CgroupFile?
    private var oomKills: UInt64 = 0
    /// Whether the manager has it loaded, and whether it ever had.
    private var (isLoaded, wasLoaded) = (false, false)
    /// Whether it does not run, and whether a socket would start it then.
    private var (isIdle, isSocketActive) = (false, false)
    /// Where its processes are, as the manager has named it last.
    private var cgroup: String?

    private let watching: ProcessWatching

    init(_ observed: ObservedUnit, watching: ProcessWatching) {
        self.observed = observed
        self.watching = watching
    }

    /// What `poll` has to wait for.
    var pollEntries: [pollfd] {
        var entries: [pollfd] = []
        if let process { entries.append(pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0)) }
        if let events { entries.append(pollfd(fd: events.raw, events: Int16(POLLPRI), revents: 0)) }
        if let memory { entries.append(pollfd(fd: memory.raw, events: Int16(POLLPRI), revents: 0)) }
        return entries
    }

    /// Reads all of it anew: at the start, after the manager has read its units again, and now and then.
    ///
    /// An answer that is an error concerns this unit only.
    func read(from bus: any UnitManager, into news: inout [UnitNews]) throws(UnitBusError) {
        do throws(UnitBusError) {
            try ask(bus, &news)
        } catch {
            try refused(error, bus, &news)
        }
    }

    private func ask(_ bus: any UnitManager, _ news: inout [UnitNews]) throws(UnitBusError) {
        guard let path = try bus.path(of: observed.unit) else { return try notLoaded(bus, &news) }
        (self.path, isLoaded, wasLoaded) = (path, true, true)
        try bus.watch(path)
    }

    /// The manager does not say what it knows of the unit: nothing is known of it.
    private func refused(
        _ error: UnitBusError, _ bus: any UnitManager, _ news: inout [UnitNews]
    ) throws(UnitBusError) {
        guard error.isRefusal else { throw error }
        (isLoaded, isIdle) = (false, false)
        news.append(.refusal(observed.service, error.description))
        note(.notLoaded(.unreadable), &news)
        do throws(UnitBusError) {
            try listen(bus)
        } catch {
            guard error.isRefusal else { throw error }
        }
    }

    /// Its start is announced under the path that it had, or that its name leads to.
    private func listen(_ bus: any UnitManager) throws(UnitBusError) {
        let expected = path ?? bus.path(forName: observed.unit)
        path = expected
        try bus.listen(to: expected)
    }

    /// Whether the manager has to be asked now and then: it says nothing when it loads or forgets a unit, nor of the sockets
    /// that would start one.
    var needsLook: Bool { !isLoaded || isIdle }

    /// Asks whether a unit is loaded that was not, or no longer; that loads nothing.
    func lookAgain(_ bus: any UnitManager, into news: inout [UnitNews]) throws(UnitBusError) {
        do throws(UnitBusError) {
            try look(bus, &news)
        } catch {
            try refused(error, bus, &news)
        }
    }

    private func look(_ bus: any UnitManager, _ news: inout [UnitNews]) throws(UnitBusError) {
        guard let found = try bus.path(of: observed.unit) else {
            if isLoaded { try notLoaded(bus, &news) }
            return
        }
        guard isLoaded, found == path, let facts = bus.facts(at: found) else {
            return try ask(bus, &news)
        }
        if hasActiveSocket(facts, bus) != isSocketActive { take(facts, from: bus, into: &news) }
    }

    /// The unit is not loaded: its file is asked for, unless the unit was loaded before.
    private func notLoaded(_ bus: any UnitManager, _ news: inout [UnitNews]) throws(UnitBusError) {
        (isLoaded, isIdle) = (false, false)
        if wasLoaded {
            note(.notLoaded(.notAsked), &news)
        } else {
            switch try bus.fileState(of: observed.unit) {
            case nil: note(.notLoaded(.missing), &news)
            case "masked", "masked-runtime": note(.notLoaded(.masked), &news)
            default: note(.notLoaded(.there), &news)
            }
        }
        try listen(bus)
    }

    /// Takes what the manager says of it, and follows it to its processes.
    func take(_ facts: UnitFacts, from bus: any UnitManager, into news: inout [UnitNews]) {
        guard let path else { return }
        var properties = UnitProperties(facts)
        (isLoaded, wasLoaded) = (true, true)
        isIdle = properties.active == .inactive || properties.active == .failed
        isSocketActive = isIdle && hasActiveSocket(facts, bus)
        properties.isStartedBySocket = properties.active == .inactive && isSocketActive
        note(.properties(properties), &news)
        follow(properties, at: path, bus, &news)
    }

    private func hasActiveSocket(_ facts: UnitFacts, _ bus: any UnitManager) -> Bool {
        facts.triggers.contains { $0.hasSuffix(".socket") && isActive($0, bus) }
    }

    private func isActive(_ unit: String, _ bus: any UnitManager) -> Bool {
        guard let path = try? bus.path(of: unit) else { return false }
        return bus.unitProperty("ActiveState", at: path) == "active"
    }

    private func follow(
        _ properties: UnitProperties, at path: String, _ bus: any UnitManager, _ news: inout [UnitNews]
    ) {
        if properties.invocation != .none, properties.invocation != invocation {
            invocation = properties.invocation
            process = nil
            mainPID = 0
            events = nil
            memory = nil
            lastEvents = [:]
        }
        guard properties.active != .inactive, properties.active != .failed else {
            if cgroup != nil { news.append(.cgroup(observed.service, path: nil)) }
            cgroup = nil
            return
        }
        if events == nil { openCgroup(bus.serviceProperty("ControlGroup", at: path) ?? "", &news) }
        guard properties.mainPID != 0, properties.mainPID != mainPID else { return }
        openProcess(properties.mainPID, at: path, bus, &news)
    }

    /// Opens a descriptor of the main process.
    ///
    /// The number may have come to mean another process since it was announced. What is in the cgroup of the unit, or has
    /// been named again by the manager after it was opened, is the one that is meant; if neither is so the announced one has
    /// ended, and the manager's next word says so.
    private func openProcess(_ pid: UInt32, at path: String, _ bus: any UnitManager, _ news: inout [UnitNews])
    {
        do {
            let opened = try ProcessDescriptor(of: pid)
            mainPID = pid
            guard isMain(pid, at: path, bus) else { return note(.exited(pid: pid, of: invocation), &news) }
            switch watching {
            case .here: process = opened
            case .elsewhere: news.append(.process(observed.service, opened, of: invocation))
            }
        } catch {
            process = nil
            // Without a descriptor to spare it is tried again at the manager's next word.
            guard error.errno == .noSuchProcess else { return }
            mainPID = pid
            note(.exited(pid: pid, of: invocation), &news)
        }
    }

    /// Whether a process is the main one of this activation now.
    private func isMain(_ pid: UInt32, at path: String, _ bus: any UnitManager) -> Bool {
        if let cgroup, CgroupMembers.contains(pid, in: cgroup) { return true }
        guard bus.raw >= 0 else { return true }
        guard let facts = try? bus.read(path) else { return true }
        return facts.mainPID == pid && InvocationID(facts.invocation) == invocation
    }

    private func openCgroup(_ path: String, _ news: inout [UnitNews]) {
        guard !path.isEmpty else { return }
        if cgroup != path {
            cgroup = path
            news.append(.cgroup(observed.service, path: path))
        }
        events = try? CgroupFile("cgroup.events", of: path)
        memory = try? CgroupFile("memory.events", of: path)
        if memory == nil { note(.noMemoryEvents, &news) }
        oomKills = memory?.values()?["oom_kill"] ?? 0
        // One that is empty now may just be about to get its first process.
        if let values = events?.values(), values["populated"] == 1 { note(cgroup(values), &news) }
    }

    /// Reports what the kernel has marked.
    func readKernel(into news: inout [UnitNews]) {
        if let memory, let values = memory.values(), let kills = values["oom_kill"], kills > oomKills {
            oomKills = kills
            note(.oomKill(of: invocation), &news)
        }
        if process?.hasEnded ?? false {
            process = nil
            note(.exited(pid: mainPID, of: invocation), &news)
        }
        readEvents(&news)
    }

    private var lastEvents: [String: UInt64] = [:]

    private func readEvents(_ news: inout [UnitNews]) {
        guard let events else { return }
        let values = events.values()
        if values == nil { self.events = nil }
        let present = values ?? ["populated": 0, "frozen": 0]
        guard present != lastEvents else { return }
        lastEvents = present
        note(cgroup(present), &news)
    }

    private func cgroup(_ values: [String: UInt64]) -> ServiceInput {
        .cgroup(isPopulated: values["populated"] != 0, isFrozen: values["frozen"] == 1, of: invocation)
    }

    private func note(_ input: ServiceInput, _ news: inout [UnitNews]) {
        news.append(.input(observed.service, input))
    }
}
