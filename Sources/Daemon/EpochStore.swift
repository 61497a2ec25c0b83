internal import CausalClock
internal import LinuxIO

/// The epoch on disk: one line, `ID EPOCH`, written durably before the first datagram is sent.
///
/// If a life's epoch were lost, the next life could take the same one, and its events would bear the names of
/// others. That is why it is fsynced first, and why a file that cannot be written stops the start.
struct EpochStore {
    let path: String

    init(directory: String) { path = directory + "/epoch" }

    /// Takes the next epoch and stores it.
    ///
    /// - Parameters:
    ///   - id: whose it is.
    ///   - known: a life that others know of, and that must be earlier too; `nil` at the start.
    ///   - seconds: the wall clock, in seconds since 1970-01-01.
    /// - Returns: the epoch, which is stored by now.
    /// - Throws: `StartFailure` when the file cannot be read or written, or when the clock must be wrong.
    func begin(
        id: HostID, after known: Epoch? = nil, wallClockSeconds seconds: UInt64
    ) throws(StartFailure) -> Epoch {
        let stored = try stored(for: id)
        let epoch = Epoch.next(
            after: known.map { max($0, stored ?? $0) } ?? stored, wallClockSeconds: seconds)
        guard epoch <= Epoch.latestCredible(wallClockSeconds: seconds) else {
            throw StartFailure(
                "\(path): the last epoch, \(epoch.value - 1), lies more than a day after the wall clock, so peers "
                    + "would refuse the next one; set the clock right, or remove the file if the clock is right",
                errno: .invalidArgument)
        }
        do {
            try DurableFile.write(Array("\(id) \(epoch)\n".utf8), to: path)
        } catch {
            throw StartFailure("cannot store the epoch: \(error)", errno: error.errno)
        }
        return epoch
    }

    /// The epoch of the latest life; `nil` before the first.
    ///
    /// - Throws: `StartFailure` when the file cannot be read, or is not ours.
    func stored(for id: HostID) throws(StartFailure) -> Epoch? {
        let bytes: [UInt8]?
        do {
            bytes = try DurableFile.read(path, limit: 4_096)
        } catch {
            throw StartFailure("cannot read the last epoch: \(error)", errno: error.errno)
        }
        guard let bytes else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let value = UInt64(words[1]) else {
            throw StartFailure(
                "\(path): not a line \"ID EPOCH\"; restore it, or remove it if the wall clock is right",
                errno: .invalidArgument)
        }
        guard words[0] == id.description else {
            throw StartFailure(
                "\(path): belongs to node \(words[0]), not to \(id); give each node a state_directory of its own, "
                    + "or remove the file if the node was renamed",
                errno: .invalidArgument)
        }
        return Epoch(value)
    }
}
