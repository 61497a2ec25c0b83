internal import LinuxIO
internal import Synchronization
internal import UnitObservation

/// Observes units in a thread of its own, because the bus may block, and hands over what it learns.
///
/// Neither side waits for the other, but for one case: a loop that takes nothing for long has the thread wait.
final class UnitWatch: Sendable {
    /// How much waits for the loop at most, until the thread waits too.
    private static let capacity = 4_096
    /// For how long the thread waits then, in nanoseconds.
    private static let rest: Int64 = 10_000_000

    private let news = Mutex<[UnitNews]>([])
    private let order = Mutex<[ObservedUnit]?>(nil)
    private let loopWakeup: WakeupDescriptor
    private let threadWakeup: WakeupDescriptor

    /// Begins to observe.
    ///
    /// - Parameters:
    ///   - units: the units of the services.
    ///   - folder: a folder in place of the service manager, for demonstrations and tests.
    /// - Throws: `SystemCallError` when there is no descriptor or no thread left.
    init(_ units: [ObservedUnit], folder: String?) throws(SystemCallError) {
        loopWakeup = try WakeupDescriptor()
        threadWakeup = try WakeupDescriptor()
        _ = try BackgroundThread(name: "units") { [self] in run(units, folder: folder) }
    }

    private func run(_ units: [ObservedUnit], folder: String?) {
        var observer = UnitObserver(units, watching: .elsewhere, folder: folder)
        while true {
            threadWakeup.acknowledge()
            let ordered = order.withLock { $0.take() }
            if let ordered { hand(over: observer.setUnits(ordered)) }
            hand(over: observer.turn(timeout: -1, wakeup: threadWakeup.raw))
        }
    }

    private func hand(over learnt: [UnitNews]) {
        guard !learnt.isEmpty else { return }
        while news.withLock({ $0.count >= Self.capacity }) { Clocks.rest(nanoseconds: Self.rest) }
        news.withLock { $0 += learnt }
        loopWakeup.signal()
    }
}

/// The loop's side.
extension UnitWatch {
    /// The descriptor that becomes readable when there is news.
    var raw: CInt { loopWakeup.raw }

    /// What was learnt since the last call, in order.
    func takeNews() -> [UnitNews] {
        loopWakeup.acknowledge()
        return news.withLock { news in
            defer { news = [] }
            return news
        }
    }

    /// Observes other units from now on.
    func observe(_ units: [ObservedUnit]) {
        order.withLock { $0 = units }
        threadWakeup.signal()
    }
}
