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

    private let news = Mutex<[(order: Int, item: UnitNews)]>([])
    private let order = Mutex<(number: Int, units: [ObservedUnit])?>(nil)
    private let loopWakeup: WakeupDescriptor
    private let threadWakeup: WakeupDescriptor

    /// Begins to observe.
    ///
    /// - Parameters:
    ///   - units: the units of the services.
    ///   - number: the number of the order to observe these.
    ///   - folder: a folder in place of the service manager, for demonstrations and tests.
    /// - Throws: `SystemCallError` when there is no descriptor or no thread left.
    init(_ units: [ObservedUnit], order number: Int, folder: String?) throws(SystemCallError) {
        loopWakeup = try WakeupDescriptor()
        threadWakeup = try WakeupDescriptor()
        _ = try BackgroundThread(name: "units") { [self] in
            run(units, order: number, folder: folder)
        }
    }

    private func run(_ units: [ObservedUnit], order first: Int, folder: String?) {
        var observer = UnitObserver(units, watching: .elsewhere, folder: folder)
        var number = first
        while true {
            threadWakeup.acknowledge()
            let ordered = order.withLock { $0.take() }
            if let ordered {
                number = ordered.number
                hand(over: observer.setUnits(ordered.units), number)
            }
            hand(over: observer.turn(timeout: -1, wakeup: threadWakeup.raw), number)
        }
    }

    private func hand(over learnt: [UnitNews], _ number: Int) {
        guard !learnt.isEmpty else { return }
        while news.withLock({ $0.count >= Self.capacity }) { Clocks.rest(nanoseconds: Self.rest) }
        news.withLock { $0 += learnt.map { (number, $0) } }
        loopWakeup.signal()
    }
}

/// The loop's side.
extension UnitWatch {
    /// The descriptor that becomes readable when there is news.
    var raw: CInt { loopWakeup.raw }

    /// What was learnt since the last call, in order, each with the number of the order that was carried out then.
    func takeNews() -> [(order: Int, item: UnitNews)] {
        loopWakeup.acknowledge()
        return news.withLock { news in
            defer { news = [] }
            return news
        }
    }

    /// Observes other units from now on; the numbers of orders ascend from 1.
    func observe(_ units: [ObservedUnit], order number: Int) {
        order.withLock { $0 = (number, units) }
        threadWakeup.signal()
    }
}
