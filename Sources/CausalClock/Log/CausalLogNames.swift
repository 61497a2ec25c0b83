/// What the files of a host's log are called, and which of them may go.
///
/// The file that is written is `id@epoch-Log.txt`, which is what GoVector's tools search for; a full one becomes
/// `id@epoch.1-Log.txt`, the next `.2`, so that older files never change their names. Files of earlier
/// incarnations count among the old ones: a daemon that restarts all the time does not fill the disk.
public struct CausalLogNames: Sendable, Hashable {
    /// Whose log it is.
    public let host: HostID
    /// In which incarnation.
    public let epoch: Epoch
    /// How many files are kept besides the one that is written.
    public let keep: Int

    /// Names the files of an incarnation's log.
    public init(_ host: HostID, _ epoch: Epoch, keep: Int) {
        self.host = host
        self.epoch = epoch
        self.keep = max(0, keep)
    }

    private static let ending = "-Log.txt"

    /// The name of the file that is written.
    public var current: String { "\(host)@\(epoch)\(Self.ending)" }

    /// The name that the file gets when it is full.
    ///
    /// - Parameter names: what is in the directory; anything else may be there, too.
    /// - Returns: a name that none of them has.
    public func next(in names: [String]) -> String {
        let last = names.compactMap(parse).filter { $0.epoch == epoch.value }.compactMap(\.number).max() ?? 0
        return "\(host)@\(epoch).\(last < .max ? last + 1 : last)\(Self.ending)"
    }

    /// The files beyond those that are kept.
    ///
    /// - Parameter names: what is in the directory.
    /// - Returns: the oldest first; never anything but logs of this host.
    public func surplus(in names: [String]) -> [String] {
        let old = names.filter { $0 != current }.compactMap { name in parse(name).map { (name, $0) } }
        let sorted = old.sorted { left, right in
            // Of one incarnation the file without a number is the last that was written.
            (left.1.epoch, left.1.number ?? .max) < (right.1.epoch, right.1.number ?? .max)
        }
        return sorted.dropLast(keep).map(\.0)
    }

    private func parse(_ name: String) -> (epoch: UInt64, number: UInt64?)? {
        guard name.hasPrefix("\(host)@"), name.hasSuffix(Self.ending) else { return nil }
        let middle = name.dropFirst(host.count + 1).dropLast(Self.ending.utf8.count)
        let parts = middle.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let epoch = Self.number(first) else { return nil }
        guard parts.count == 2 else { return (epoch, nil) }
        return Self.number(parts[1]).map { (epoch, $0) }
    }

    private static func number(_ digits: Substring) -> UInt64? {
        digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? UInt64(digits) : nil
    }
}
