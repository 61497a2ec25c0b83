package import CausalClock

/// The name of one service on its host: 1 to 63 bytes of printable ASCII.
///
/// It obeys the rules of a host's id, so that `db3/postgres` can be read in one way only.
package struct ServiceName: Sendable, BitwiseCopyable, Hashable, Comparable {
    /// The name as it is stored and sent.
    package let text: HostID

    /// Makes a name; `nil` when the bytes of `name` are not allowed (`HostID.init`).
    package init?(_ name: String) {
        guard let text = HostID(name) else { return nil }
        self.text = text
    }

    /// Makes a name of text that was checked.
    init(_ text: HostID) { self.text = text }

    /// Orders names by their bytes.
    package static func < (left: ServiceName, right: ServiceName) -> Bool { left.text < right.text }
}

extension ServiceName: CustomStringConvertible {
    /// The name as text.
    package var description: String { text.description }
}
