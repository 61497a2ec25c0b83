/// The name of one sequential process in a log.
///
/// suspectd writes `id@epoch`: each incarnation of a host is a process of its own, whose events are numbered
/// from 1. Logs of other programs name their processes as they like; a name without an epoch is a process
/// with one incarnation.
public struct ProcessName: Sendable, Hashable {
    /// The name as it stands in the log.
    public let text: String

    /// Takes a name from a log.
    public init(_ text: String) { self.text = text }

    /// The name of one incarnation of a host.
    public init(_ host: HostID, _ epoch: Epoch) { text = "\(host)@\(epoch)" }

    /// The part before the epoch, or the whole name when there is no epoch.
    public var host: String {
        guard let at = epochSeparator else { return text }
        return String(text[..<at])
    }

    /// The incarnation; `nil` when the name has none.
    public var epoch: Epoch? {
        guard let at = epochSeparator else { return nil }
        return UInt64(text[text.index(after: at)...]).map { Epoch($0) }
    }

    /// The `@` before the epoch; searched for from the end, byte by byte, for names are compared often.
    private var epochSeparator: String.Index? {
        let bytes = text.utf8
        var index = bytes.endIndex
        var digits = 0
        while index > bytes.startIndex, digits < 20 {
            index = bytes.index(before: index)
            if bytes[index] == UInt8(ascii: "@") {
                return digits > 0 && index > bytes.startIndex ? index : nil
            }
            guard bytes[index] >= 0x30, bytes[index] <= 0x39 else { return nil }
            digits += 1
        }
        return nil
    }
}

extension ProcessName: Comparable {
    /// Orders by host, then by incarnation: the incarnations of a host stand together, the earliest first.
    public static func < (left: ProcessName, right: ProcessName) -> Bool {
        if left.text == right.text { return false }
        let (leftHost, rightHost) = (left.host, right.host)
        if leftHost != rightHost { return leftHost < rightHost }
        let (leftIncarnation, rightIncarnation) = (left.epoch?.value ?? 0, right.epoch?.value ?? 0)
        return leftIncarnation == rightIncarnation
            ? left.text < right.text : leftIncarnation < rightIncarnation
    }
}

extension ProcessName: CustomStringConvertible {
    /// The name as it stands in the log.
    public var description: String { text }
}

/// The name of one event in a log: its process and its number there.
///
/// The text form, `process:number`, is that of a `Dot` when the process is one incarnation of a host.
public struct EventName: Sendable, Hashable {
    /// Where the event happened.
    public var process: ProcessName
    /// Its number there, from 1 to `VectorClock.maximumCounter`.
    public var counter: UInt64

    /// Names the event `counter` of `process`.
    public init(_ process: ProcessName, _ counter: UInt64) {
        self.process = process
        self.counter = counter
    }

    /// The name of a suspectd event.
    public init(_ dot: Dot) { self.init(ProcessName(dot.host, dot.epoch), dot.counter) }

    /// Reads the text form; `nil` when it is not `process:number` with a number that a counter can have.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let counter = UInt64(digits) else {
            return nil
        }
        guard counter >= 1, counter <= VectorClock.maximumCounter else { return nil }
        self.init(ProcessName(String(text[..<colon])), counter)
    }
}

extension EventName: CustomStringConvertible {
    /// `process:number`.
    public var description: String { "\(process):\(counter)" }
}
