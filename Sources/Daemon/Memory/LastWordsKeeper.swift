internal import CausalClock
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import Synchronization
internal import Wire

/// Keeps the last words of this daemon ready in its state directory, as long as it runs.
///
/// They are written anew when the incarnation, the key or an address of a peer changes, and before the number is reached that is
/// kept for them; in a thread, for a disk may hang.
struct LastWordsKeeper {
    /// How often it is checked whether they are still true.
    private static let period = TimeSpan.seconds(1)

    /// What they depend on.
    private struct Subject: Equatable {
        var epoch: Epoch
        var key: UInt64?
        var places: [LastWordsPlan.Place]
        var sources: [SocketAddress]
    }

    /// The file, which the end of the daemon takes away from the thread that may be writing it.
    fileprivate final class Target: Sendable {
        let path: String
        let state = Mutex<(isWriting: Bool, hasEnded: Bool, failure: SystemCallError?)>((false, false, nil))

        init(_ path: String) { self.path = path }
    }

    private let target: Target
    private var subject: Subject?
    private var counter: UInt64 = 0
    /// When to check next.
    private(set) var deadline = Instant(nanoseconds: .min)
    /// Why they could not be written; the last failure that was reported.
    private var reported: Errno?

    /// Keeps them in a directory.
    init(directory: String) { target = Target("\(directory)/\(LastWordsFile.name)") }

    /// Writes them anew if they are no longer true.
    ///
    /// - Parameters:
    ///   - endpoint: the daemon's.
    ///   - key: by what number its key is known.
    ///   - sources: where it listens.
    ///   - now: the present instant.
    /// - Returns: a failure that is to be reported, once.
    mutating func advance(
        _ endpoint: borrowing Endpoint, key: UInt64?, sources: [SocketAddress], at now: Instant
    ) -> SystemCallError? {
        guard deadline <= now else { return nil }
        deadline = now + Self.period
        let (isWriting, failure) = target.state.withLock { ($0.isWriting, $0.failure) }
        guard !isWriting else { return nil }
        renew(endpoint, key: key, sources: sources, isAgain: failure != nil)
        defer { reported = failure?.errno }
        return failure?.errno == reported ? nil : failure
    }

    /// Has them written again when their file is gone.
    ///
    /// - Returns: whether it had been there.
    mutating func noteMissing() -> Bool {
        guard subject != nil, target.state.withLock({ !$0.isWriting && $0.failure == nil && !$0.hasEnded })
        else { return false }
        subject = nil
        return true
    }

    private mutating func renew(
        _ endpoint: borrowing Endpoint, key: UInt64?, sources: [SocketAddress], isAgain: Bool
    ) {
        let clock = endpoint.monitor.clock
        let reserve = Self.reserve(peers: endpoint.monitor.count)
        let plan = endpoint.lastWords(numbered: counter)
        let present = Subject(epoch: clock.epoch, key: key, places: plan.places, sources: sources)
        guard isAgain || present != subject || counter < clock.counter + reserve / 4 else { return }
        (subject, counter) = (present, min(clock.counter + reserve, VectorClock.maximumCounter))
        write(plan.numbered(counter), sources)
    }

    /// How far ahead the number is taken: events of minutes.
    ///
    /// What is left of them is missing from the numbers of a process that continues after last words were sent, so they are
    /// not more than that.
    private static func reserve(peers: Int) -> UInt64 { max(1 << 14, UInt64(peers) << 12) }

    private func write(_ plan: LastWordsPlan, _ sources: [SocketAddress]) {
        let target = target
        target.state.withLock { $0.isWriting = true }
        do throws(SystemCallError) {
            _ = try BackgroundThread(name: "last-words") {
                var file = LastWordsFile(epoch: plan.dot.epoch, counter: plan.dot.counter)
                (file.boot, file.sources) = (LastWordsFile.presentBoot, sources)
                file.datagrams = zip(plan.places, plan.datagrams()).map { (SocketAddress($0.address), $1) }
                target.write(Array(file.text.utf8))
            }
        } catch {
            target.state.withLock { ($0.isWriting, $0.failure) = (false, error) }
        }
    }

    /// Removes them: the daemon stops for good, and has said so itself.
    func end() { target.end() }
}

extension LastWordsKeeper.Target {
    func write(_ bytes: [UInt8]) {
        var failure: SystemCallError?
        do throws(SystemCallError) {
            try DurableFile.write(bytes, to: path)
        } catch {
            failure = error
        }
        let hasEnded = state.withLock { state in
            (state.isWriting, state.failure) = (false, failure)
            return state.hasEnded
        }
        if hasEnded { unlink(path) }
    }

    func end() {
        state.withLock { $0.hasEnded = true }
        unlink(path)
    }
}
