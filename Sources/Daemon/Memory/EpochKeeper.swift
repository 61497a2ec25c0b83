internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Synchronization
internal import Wire

/// Stores epochs while the daemon runs, in a thread: a disk that hangs must not hang the detector.
struct EpochKeeper {
    /// What is to be done.
    enum Task: Sendable {
        /// Store the epoch in use, which the disk did not take.
        case store(Epoch)
        /// Take one after an incarnation that others know of.
        case renew(after: Epoch)
        /// Take the wall clock's, although it is earlier than the one in use, which no peer accepts.
        case returnToWallClock(from: Epoch)
    }

    /// What came of it.
    struct Answer: Sendable {
        let task: Task
        let result: Result<EpochStore.Taken, StartFailure>
    }

    private final class Mailbox: Sendable {
        let answers = Mutex<[Answer]>([])
    }

    private let store: EpochStore
    private let id: HostID
    private let wakeup: WakeupDescriptor
    private let mailbox = Mailbox()

    /// Keeps the epochs of a node, and wakes the loop by `wakeup` when something came of a task.
    init(of state: borrowing NodeState, wakeup: WakeupDescriptor) {
        store = EpochStore(directory: state.configuration.settings.node.stateDirectory)
        (id, self.wakeup) = (state.endpoint.monitor.id, wakeup)
    }

    /// Begins with a task.
    func begin(_ task: Task) {
        let (store, id, wakeup, mailbox) = (store, id, wakeup, mailbox)
        do throws(SystemCallError) {
            _ = try BackgroundThread(name: "epoch") {
                let result = Result { () throws(StartFailure) in try store.perform(task, of: id) }
                mailbox.answers.withLock { $0.append(Answer(task: task, result: result)) }
                wakeup.signal()
            }
        } catch {
            let answer = Answer(task: task, result: .failure(StartFailure(error)))
            mailbox.answers.withLock { $0.append(answer) }
            wakeup.signal()
        }
    }

    /// What came of tasks since the last call.
    func takeAnswers() -> [Answer] {
        mailbox.answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }
}

extension EpochStore {
    fileprivate func perform(_ task: EpochKeeper.Task, of id: HostID) throws(StartFailure) -> Taken {
        switch task {
        case .store(let epoch):
            try store(epoch, of: id)
            return Taken(epoch: epoch, unstored: nil)
        case .renew(let stale):
            return try begin(id: id, after: stale, wallClockSeconds: Clocks.realtimeSeconds())
        case .returnToWallClock:
            return try beginAgain(id: id, wallClockSeconds: Clocks.realtimeSeconds())
        }
    }
}
