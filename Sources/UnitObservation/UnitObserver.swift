internal import Glibc
internal import LinuxIO
package import Records
internal import Services
internal import Systemd

/// One unit to be observed.
package struct ObservedUnit: Sendable, Hashable {
    /// The name of the service.
    package let service: ServiceName
    /// The name of its unit, an instance, such as `postgresql@15-main.service`.
    package let unit: String

    /// Pairs a service with its unit.
    package init(service: ServiceName, unit: String) {
        self.service = service
        self.unit = unit
    }
}

/// What kernel and service manager report of a few units: the first three layers of evidence.
///
/// It blocks, and so belongs into a thread of its own. A lost bus is opened again after a pause; exits and cgroups are
/// seen meanwhile.
package struct UnitObserver {
    /// The pauses between two attempts to reach the bus, in milliseconds; each is twice the one before.
    package static let (shortestPause, longestPause): (Int64, Int64) = (100, 5_000)

    private var units: [UnitEvidence]
    private var bus: (any UnitManager)?
    private let open: () throws(UnitBusError) -> any UnitManager
    private let watching: ProcessWatching
    /// How often the manager is asked for units that are not loaded or do not run, in milliseconds.
    private static let lookPeriod: Int64 = 2_000
    /// How often all is read anew, in milliseconds: so long what was missed stays wrong at most.
    private static let checkPeriod: Int64 = 60_000

    private var nextLook: Int64 = 0
    private var nextCheck: Int64 = 0
    private var pause = Self.shortestPause
    private var retryAt: Int64 = 0
    private var hasReportedLoss = false

    /// An observer that has not looked yet.
    ///
    /// - Parameters:
    ///   - units: the units.
    ///   - watching: where ends of main processes are noticed.
    ///   - folder: a folder in place of the service manager, for demonstrations and tests.
    package init(_ units: [ObservedUnit], watching: ProcessWatching = .here, folder: String? = nil) {
        self.init(units, watching: watching) { () throws(UnitBusError) in
            if let folder { UnitFolder(folder) } else { try UnitBus() }
        }
    }

    /// For tests: another manager.
    init(
        _ units: [ObservedUnit], watching: ProcessWatching,
        asking open: @escaping () throws(UnitBusError) -> any UnitManager
    ) {
        self.units = units.map { UnitEvidence($0, watching: watching) }
        self.watching = watching
        self.open = open
    }

    /// Observes other units from now on; what is known of those that stay remains.
    ///
    /// - Returns: what was learnt of the new ones.
    package mutating func setUnits(_ observed: [ObservedUnit]) -> [UnitNews] {
        let former = units
        var news: [UnitNews] = []
        units = observed.map { unit in
            former.first { $0.observed == unit } ?? UnitEvidence(unit, watching: watching)
        }
        guard let bus else {
            guard hasReportedLoss else { return news }
            return units.map { .input($0.observed.service, .manager(isReachable: false)) }
        }
        do {
            for unit in units where !former.contains(where: { $0 === unit }) {
                try unit.read(from: bus, into: &news)
            }
            bus.keep(Set(units.compactMap(\.path)))
        } catch {
            lose(error, &news)
        }
        return news
    }

    /// Waits for news, until one comes or the time is up.
    ///
    /// - Parameters:
    ///   - timeout: in milliseconds; negative for no limit.
    ///   - wakeup: the number of a descriptor that ends the wait when it is readable; negative for none.
    /// - Returns: what was learnt, in order.
    package mutating func turn(timeout: Int32, wakeup: CInt = -1) -> [UnitNews] {
        var news: [UnitNews] = []
        if bus == nil { connect(&news) }
        // Messages that came while a call waited for its answer are here already, and wake no one.
        readBus(&news)
        guard news.isEmpty else { return news }
        wait(timeout: timeout, wakeup: wakeup)
        for unit in units { unit.readKernel(into: &news) }
        readBus(&news)
        lookAgain(&news)
        return news
    }

    private mutating func lookAgain(_ news: inout [UnitNews]) {
        let now = Clocks.monotonic() / 1_000_000
        guard let bus, now >= min(nextLook, nextCheck) else { return }
        do {
            if now >= nextCheck {
                (nextCheck, nextLook) = (now + Self.checkPeriod, now + Self.lookPeriod)
                for unit in units { try unit.read(from: bus, into: &news) }
            } else {
                nextLook = now + Self.lookPeriod
                for unit in units where unit.needsLook { try unit.lookAgain(bus, into: &news) }
            }
        } catch {
            lose(error, &news)
        }
    }

    private mutating func connect(_ news: inout [UnitNews]) {
        guard Clocks.monotonic() / 1_000_000 >= retryAt else { return }
        do {
            let opened = try open()
            bus = opened
            nextCheck = Clocks.monotonic() / 1_000_000 + Self.checkPeriod
            for unit in units { try unit.read(from: opened, into: &news) }
            pause = Self.shortestPause
            if hasReportedLoss {
                hasReportedLoss = false
                news.append(.manager(nil))
                for unit in units {
                    news.append(.input(unit.observed.service, .manager(isReachable: true)))
                }
            }
        } catch {
            lose(error, &news)
        }
    }

    private mutating func lose(_ error: UnitBusError, _ news: inout [UnitNews]) {
        bus = nil
        retryAt = Clocks.monotonic() / 1_000_000 + pause
        pause = min(pause * 2, Self.longestPause)
        guard !hasReportedLoss else { return }
        hasReportedLoss = true
        news.append(.manager(error.description))
        for unit in units { news.append(.input(unit.observed.service, .manager(isReachable: false))) }
    }

    private func wait(timeout: Int32, wakeup: CInt) {
        var entries = units.flatMap(\.pollEntries)
        entries.append(pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0))
        var limit = timeout
        if let bus {
            entries.append(pollfd(fd: bus.raw, events: bus.interest, revents: 0))
            limit = shorter(limit, bus.patience)
            let next = units.contains(where: \.needsLook) ? min(nextLook, nextCheck) : nextCheck
            limit = shorter(limit, Int32(clamping: max(0, next - Clocks.monotonic() / 1_000_000)))
        } else {
            limit = shorter(limit, Int32(clamping: max(0, retryAt - Clocks.monotonic() / 1_000_000)))
        }
        _ = poll(&entries, nfds_t(entries.count), limit)
    }

    private func shorter(_ left: Int32, _ right: Int32) -> Int32 {
        if left < 0 { return right }
        return right < 0 ? left : min(left, right)
    }

    private mutating func readBus(_ news: inout [UnitNews]) {
        guard let bus else { return }
        do {
            for event in try bus.process() {
                switch event {
                case .changed(let path, let facts):
                    for unit in units where unit.path == path { unit.take(facts, from: bus, into: &news) }
                case .reloading(true): break
                case .reloading(false), .replaced:
                    for unit in units { try unit.read(from: bus, into: &news) }
                }
            }
        } catch {
            lose(error, &news)
        }
    }
}
