internal import Glibc
internal import LinuxIO
package import Records
package import Services
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

    /// What was learnt, in order.
    package typealias News = [(service: ServiceName, input: ServiceInput)]

    private var units: [UnitEvidence]
    private var bus: UnitBus?
    private var pause = Self.shortestPause
    private var retryAt: Int64 = 0
    private var hasReportedLoss = false

    /// An observer that has not looked yet.
    package init(_ units: [ObservedUnit]) {
        self.units = units.map { UnitEvidence($0) }
    }

    /// Waits for news, until one comes or the time is up.
    ///
    /// - Parameter timeout: in milliseconds; negative for no limit.
    /// - Returns: what was learnt, in order.
    package mutating func turn(timeout: Int32) -> News {
        var news: News = []
        if bus == nil { connect(&news) }
        // Messages that came while a call waited for its answer are here already, and wake no one.
        readBus(&news)
        guard news.isEmpty else { return news }
        wait(timeout: timeout)
        for unit in units { unit.readKernel(into: &news) }
        readBus(&news)
        return news
    }

    private mutating func connect(_ news: inout News) {
        guard Clocks.monotonic() / 1_000_000 >= retryAt else { return }
        do {
            let opened = try UnitBus()
            bus = opened
            for unit in units { try unit.read(from: opened, into: &news) }
            pause = Self.shortestPause
            hasReportedLoss = false
        } catch {
            lose(&news)
        }
    }

    private mutating func lose(_ news: inout News) {
        bus = nil
        retryAt = Clocks.monotonic() / 1_000_000 + pause
        pause = min(pause * 2, Self.longestPause)
        guard !hasReportedLoss else { return }
        hasReportedLoss = true
        for unit in units { news.append((unit.observed.service, .manager(isReachable: false))) }
    }

    private func wait(timeout: Int32) {
        var entries = units.flatMap(\.pollEntries)
        if let bus { entries.append(pollfd(fd: bus.raw, events: bus.interest, revents: 0)) }
        var limit = timeout
        if bus == nil {
            let left = Int32(clamping: max(0, retryAt - Clocks.monotonic() / 1_000_000))
            limit = timeout < 0 ? left : min(timeout, left)
        }
        _ = poll(&entries, nfds_t(entries.count), limit)
    }

    private mutating func readBus(_ news: inout News) {
        guard let bus else { return }
        do {
            for event in try bus.process() {
                switch event {
                case .changed(let path):
                    for unit in units where unit.path == path { try unit.take(from: bus, into: &news) }
                case .reloading(true): break
                case .reloading(false), .replaced:
                    for unit in units { try unit.read(from: bus, into: &news) }
                }
            }
        } catch {
            lose(&news)
        }
    }
}
