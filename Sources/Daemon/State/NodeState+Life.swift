internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import StatusAPI
internal import Systemd
internal import Wire

extension NodeState {
    /// The task of taking another epoch, if this process has to and has not asked for it yet.
    ///
    /// The epoch at the start was too low, or another daemon has used it; or it lies so far ahead that no peer
    /// accepts it.
    mutating func takeRenewal() -> EpochKeeper.Task? {
        if let stale = endpoint.monitor.staleEpoch, stale != epochStorage.renewed {
            epochStorage.renewed = stale
            return .renew(after: stale)
        }
        let present = endpoint.monitor.clock.epoch
        guard present != epochStorage.renewed, endpoint.monitor.isIncarnationPremature(at: now)
        else { return nil }
        epochStorage.renewed = present
        return .returnToWallClock(from: present)
    }

    /// Takes what came of an epoch that was to be stored.
    ///
    /// Until it is durable nothing may be sent in a new incarnation, so one begins here. Where the disk does
    /// not take it, it begins all the same: in the present one our events would carry the names of others.
    mutating func take(_ answer: EpochKeeper.Answer, into outbox: inout Outbox) {
        switch (answer.task, answer.result) {
        case (.store, .success): noteStored()
        case (.store, .failure(let failure)): epochStorage.failure = failure.description
        case (.renew, .success(let taken)): begin(taken, into: &outbox)
        case (.returnToWallClock(let former), .success(let taken)):
            begin(taken, into: &outbox)
            announce(
                Announcement(
                    entry: JournalEntry(
                        .warning,
                        "no peer accepted incarnation \(former), which began more than a day after the wall clock; "
                            + "this node continues as \(taken.epoch)",
                        id: .conflict)))
        case (.returnToWallClock(let former), .failure(let failure)):
            announce(
                .conflict,
                "no peer accepts incarnation \(former), which began more than a day after the wall clock, and another "
                    + "epoch cannot be taken: \(failure)",
                priority: .error, id: .conflict)
        case (.renew(let stale), .failure(let failure)):
            announce(
                .conflict,
                "peers know a later epoch of this node, \(stale), and a new one cannot be taken: \(failure)",
                priority: .error, id: .conflict)
        }
    }

    private mutating func begin(_ taken: EpochStore.Taken, into outbox: inout Outbox) {
        noteUnstored(taken)
        endpoint.beginIncarnation(taken.epoch, at: now, into: &outbox)
    }

    /// Notes that the epoch in use is not on the disk, if it is not, and says so.
    mutating func noteUnstored(_ taken: EpochStore.Taken) {
        guard let failure = taken.unstored else { return }
        epochStorage.failure = failure.description
        epochStorage.nextTry = now + Self.storingPeriod
        announce(
            Announcement(
                entry: JournalEntry(
                    .warning,
                    "failure detection continues with an epoch that is not stored, and storing it is tried again: \(failure)",
                    id: .shortage)))
    }

    /// Has the epoch stored again when its file is gone.
    ///
    /// - Returns: whether it had been there.
    mutating func noteMissingEpoch() -> Bool {
        guard isEpochStored else { return false }
        epochStorage.failure = "its file was removed"
        epochStorage.nextTry = now
        return true
    }

    /// Whether the epoch in use is on the disk.
    var isEpochStored: Bool { epochStorage.failure == nil }

    private mutating func noteStored() {
        guard !isEpochStored else { return }
        epochStorage.failure = nil
        announce(
            Announcement(
                entry: JournalEntry(
                    .notice, "the epoch is stored now", id: .shortage)))
    }

    /// When an epoch that is not on the disk is to be stored again; never, when it is.
    var storingDeadline: Instant { isEpochStored ? .never : epochStorage.nextTry }

    /// The epoch that is to be stored now, if one is.
    mutating func takeUnstoredEpoch() -> Epoch? {
        guard storingDeadline <= now else { return nil }
        epochStorage.nextTry = now + Self.storingPeriod
        return endpoint.monitor.clock.epoch
    }

    private static let storingPeriod = TimeSpan.seconds(5)
}
