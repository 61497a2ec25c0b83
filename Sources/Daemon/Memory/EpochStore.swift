internal import CausalClock
internal import LinuxIO

/// The epoch on disk: one line, `ID EPOCH`, written durably before the first datagram is sent.
///
/// If an incarnation's epoch were lost, the next incarnation could take the same one, and its events would
/// carry the names of others. That is why it is fsynced first. Where the disk is full, read-only or broken the
/// wall clock has to do: an epoch is at least the second in which it was taken, and one that proves too low
/// is renewed as soon as a peer reports.
struct EpochStore: Sendable {
    /// An epoch that was taken.
    struct Taken: Sendable {
        let epoch: Epoch
        /// Why it is not on the disk; `nil` when it is.
        let unstored: StartFailure?
        /// Why peers may refuse it, and what to do then; `nil` when nothing is wrong with it.
        var doubt: String?
    }

    let path: String
    let directory: String
    /// The members of the cluster other than this node: the state of one of them is never taken over.
    ///
    /// The state of an id that is not among them, as that of a host name under which the daemon ran before it was
    /// configured, or of a node that was renamed for all, is continued: no peer knows that id any more.
    private let members: Set<String>

    init(directory: String, members: [String] = []) {
        path = directory + "/epoch"
        self.directory = directory
        self.members = Set(members)
    }

    /// Takes the next epoch and stores it.
    ///
    /// - Parameters:
    ///   - id: whose it is.
    ///   - known: an incarnation that others know of, and that must be earlier too; `nil` at the start.
    ///   - seconds: the wall clock, in seconds since 1970-01-01.
    /// - Returns: the epoch, which is stored by now if the disk allows it.
    /// - Throws: `StartFailure` when the file is not ours to use.
    func begin(
        id: HostID, after known: Epoch? = nil, wallClockSeconds seconds: UInt64
    ) throws(StartFailure) -> Taken {
        let (stored, damage) = try storedIfReadable(for: id)
        let epoch = Epoch.next(
            after: known.map { max($0, stored ?? $0) } ?? stored, wallClockSeconds: seconds)
        return try take(epoch, of: id, doubt: damage ?? doubt(about: epoch, wallClockSeconds: seconds))
    }

    /// Takes the wall clock's epoch whatever the disk says, and stores it: no peer accepts a later one.
    func beginAgain(id: HostID, wallClockSeconds seconds: UInt64) throws(StartFailure) -> Taken {
        try take(Epoch(wallClockSeconds: seconds), of: id, doubt: nil)
    }

    private func take(_ epoch: Epoch, of id: HostID, doubt: String?) throws(StartFailure) -> Taken {
        do throws(StartFailure) {
            try store(epoch, of: id)
        } catch {
            guard error.errno.isFullOrReadOnlyDisk || error.errno.isOfNoPlainFile else { throw error }
            return Taken(epoch: epoch, unstored: error, doubt: doubt)
        }
        return Taken(epoch: epoch, unstored: nil, doubt: doubt)
    }

    /// What to say of an epoch that lies more than a day after the wall clock.
    ///
    /// Most often the clock is behind, as at the start of a board without a battery: peers accept the epoch, and the clock
    /// is set later. If it is the file that is ahead, peers refuse the epoch, and this process begins again with the wall
    /// clock's (`Monitor.isIncarnationPremature`).
    private func doubt(about epoch: Epoch, wallClockSeconds seconds: UInt64) -> String? {
        guard epoch > Epoch.latestCredible(wallClockSeconds: seconds) else { return nil }
        return
            "\(path): the last epoch, \(epoch.value - 1), lies more than a day after the wall clock: set the clock; "
            + "if it is right, peers refuse this node (future-epoch) for some seconds, until it begins again with the "
            + "clock's time"
    }

    /// Writes an epoch that was taken, in place where there is no space for a new file.
    func store(_ epoch: Epoch, of id: HostID) throws(StartFailure) {
        let line = Array("\(id) \(epoch)\n".utf8)
        do throws(SystemCallError) {
            try DurableFile.write(line, to: path)
        } catch {
            if error.errno.isFullOrReadOnlyDisk, (try? DurableFile.overwrite(path, with: line)) != nil {
                return
            }
            throw StartFailure("cannot store the epoch: \(error)", errno: error.errno)
        }
    }

    /// Makes sure that the disk has the epoch of an incarnation that continues.
    ///
    /// - Returns: `nil` when it has.
    func rewrite(_ epoch: Epoch, of id: HostID) -> Taken? {
        do throws(StartFailure) {
            if try stored(for: id) != epoch { try store(epoch, of: id) }
            return nil
        } catch {
            return Taken(epoch: epoch, unstored: error)
        }
    }

    /// The epoch of the latest incarnation; `nil` before the first, and where the disk cannot know.
    ///
    /// A file that was cut off or overwritten, as by a loss of power, is no reason not to start: the wall clock does, and
    /// an epoch that proves too low is renewed. The same holds of a folder, a link or a socket where it belongs.
    private func storedIfReadable(for id: HostID) throws(StartFailure) -> (epoch: Epoch?, damage: String?) {
        do throws(StartFailure) {
            return (try stored(for: id), nil)
        } catch {
            if error.errno == .damaged { return (nil, error.description) }
            if error.errno.isOfNoPlainFile {
                return (
                    nil,
                    "\(path): no file that suspectd wrote (\(error)), so the wall clock alone gives the epoch; see that it is "
                        + "right; remove what is there, if it is still there"
                )
            }
            guard error.errno == .inputOutput else { throw error }
            return (nil, nil)
        }
    }

    /// The epoch of the latest incarnation; `nil` before the first.
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
                "\(path): not a line \"ID EPOCH\", so the wall clock alone gives the epoch; see that it is right",
                errno: .damaged)
        }
        let owner = String(words[0])
        guard owner == id.description || !members.isEmpty && !members.contains(owner) else {
            throw StartFailure(
                "\(path): belongs to node \(owner), not to \(id); give each node a state_directory of its own, "
                    + "or remove the file if the node was renamed",
                errno: .invalidArgument)
        }
        return Epoch(value)
    }
}
