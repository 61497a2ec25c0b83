internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import Wire

/// What an earlier process of this incarnation left in the memory file.
enum Recall {
    /// Why nothing of it can be used; a clean new epoch follows.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The latest snapshot, brought forward to the last numbers that were used.
    ///
    /// - Parameters:
    ///   - file: the memory file.
    ///   - id: our id; what belongs to another is not ours.
    ///   - epoch: the epoch on disk; a later one than the snapshot's was used by another process in between, an earlier one
    ///     is left
    ///     where the snapshot's could not be stored.
    ///   - now: the present instant.
    /// - Throws: `Failure` with what is wrong.
    /// - Returns: the snapshot, with the generation and layout that follow.
    static func record(
        from file: borrowing MemoryFile, id: HostID, epoch: Epoch?, at now: Instant
    ) throws(Failure) -> SnapshotCodec.Record {
        var best: SnapshotCodec.Record?
        var fault = "it holds no snapshot"
        for generation in [UInt64(0), 1] {
            do throws(Failure) {
                let record = try candidate(from: file, place: generation)
                if record.generation > best?.generation ?? 0 { best = record }
            } catch {
                fault = error.description
            }
        }
        guard let best else { throw Failure(description: fault) }
        let snapshot = best.snapshot
        guard snapshot.id == id else {
            throw Failure(description: "it belongs to the node \(snapshot.id)")
        }
        guard epoch ?? snapshot.epoch <= snapshot.epoch else {
            throw Failure(
                description: "it is of epoch \(snapshot.epoch), and another incarnation has been in between")
        }
        guard snapshot.taken <= now else {
            throw Failure(description: "it was taken later than now")
        }
        return best
    }

    /// A snapshot with the numbers that belong to it; without them it cannot be known what was used up.
    private static func candidate(
        from file: borrowing MemoryFile, place: UInt64
    ) throws(Failure) -> SnapshotCodec.Record {
        do {
            let start = MemoryRegion.snapshot(place)
            let length = SnapshotCodec.length(try file.read(SnapshotCodec.headerLength, at: start)) ?? 0
            var record = try SnapshotCodec.decode(try file.read(min(length, snapshotLimit), at: start))
            let count = Monitor.wordsPerRecord * 8 * (record.snapshot.peers.count + 1)
            let numbers = try file.read(count, at: MemoryRegion.numbers(record.layout))
            guard record.snapshot.advance(to: words(of: numbers), layout: record.layout) else {
                throw Failure(description: "its numbers are missing")
            }
            return record
        } catch SnapshotCodec.Fault.version(let version) {
            throw Failure(
                description: "it is of version \(version) of its format, which this version does not read")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "it is damaged or empty (\(error))")
        }
    }

    private static let snapshotLimit = 64 << 20

    private static func words(of bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
            bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
