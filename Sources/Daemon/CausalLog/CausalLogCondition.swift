internal import StatusAPI
internal import Synchronization

/// How the causal log fares: reported by the thread that writes it, shown by the loop.
final class CausalLogCondition: Sendable {
    private let report = Mutex(CausalLogReport())

    /// What is shown.
    var present: CausalLogReport { report.withLock { $0 } }

    /// Notes entries that never came to be written.
    func lose(_ count: UInt64) {
        report.withLock { $0.lost += Int(clamping: count) }
    }

    /// Notes a write: how many entries it lost, and why if that is news.
    func wrote(lost: UInt64, because failure: String?) {
        report.withLock {
            $0.lost += Int(clamping: lost)
            $0.failing = lost == 0 ? nil : failure ?? $0.failing
        }
    }
}
