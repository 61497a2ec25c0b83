internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Synchronization

/// Notices when files of the state directory are removed or replaced while the daemon runs, and locks the directory anew.
///
/// In a thread, now and then: a disk may hang.
struct StateFilesWatch {
    /// What is found out.
    struct Findings: Sendable {
        /// The names of the files that are gone.
        var missing: Set<String> = []
        /// Why the directory could not be locked again; `nil` if it is locked.
        var failure: SystemCallError?
    }

    /// The names of the epoch's file and of the lock.
    static let (epochName, lockName) = ("epoch", "lock")
    private static let period = TimeSpan.seconds(3)

    fileprivate final class Checker: Sendable {
        let directory: String
        let lock: Mutex<FileLock>
        let found = Mutex<(isRunning: Bool, findings: Findings)>((false, Findings()))

        init(_ directory: String, _ lock: consuming sending FileLock) {
            self.directory = directory
            self.lock = Mutex(lock)
        }
    }

    private let checker: Checker
    private var deadline: Instant
    private var reported = Findings()
    /// Whether all files were there to be found when the present check began: none waited for space on the disk.
    private var isComplete = true

    /// Watches the directory of a node, of which it holds the lock.
    init(of state: borrowing NodeState, holding lock: consuming sending FileLock) {
        checker = Checker(state.configuration.settings.node.stateDirectory, lock)
        deadline = state.now + Self.period
    }

    /// Takes what the last check found, and begins another when it is time to.
    ///
    /// A file that could not be written yet is not missing. So what a check found is ignored if the epoch was not on the disk when
    /// it began.
    ///
    /// - Parameters:
    ///   - now: the instant of the turn.
    ///   - isStored: whether the epoch is on the disk.
    /// - Returns: what is found now and was not before.
    mutating func advance(at now: Instant, isStored: Bool) -> Findings {
        guard deadline <= now else { return Findings() }
        var (isRunning, found) = checker.found.withLock { $0 }
        guard !isRunning else { return Findings() }
        deadline = now + Self.period
        if !isComplete { found.missing = [] }
        isComplete = isStored
        begin()
        defer { reported = found }
        return Findings(
            missing: found.missing.subtracting(reported.missing),
            failure: found.failure == reported.failure ? nil : found.failure)
    }

    private func begin() {
        let checker = checker
        checker.found.withLock { $0.isRunning = true }
        do throws(SystemCallError) {
            _ = try BackgroundThread(name: "state-files") { checker.check() }
        } catch {
            checker.found.withLock { $0.isRunning = false }
        }
    }
}

extension StateFilesWatch.Checker {
    func check() {
        var findings = StateFilesWatch.Findings()
        for name in [StateFilesWatch.epochName, LastWordsFile.name] where isMissing("\(directory)/\(name)") {
            findings.missing.insert(name)
        }
        let path = "\(directory)/\(StateFilesWatch.lockName)"
        if !lock.withLock({ $0.isAt(path) }) {
            findings.missing.insert(StateFilesWatch.lockName)
            findings.failure = lockAgain(path)
        }
        found.withLock { $0 = (false, findings) }
    }

    private func isMissing(_ path: String) -> Bool { FileIdentity.present(at: path) == .missing }

    private func lockAgain(_ path: String) -> SystemCallError? {
        do throws(SystemCallError) {
            try lock.withLock { (lock: inout FileLock) throws(SystemCallError) in lock = try FileLock(path) }
            return nil
        } catch {
            return error
        }
    }
}
