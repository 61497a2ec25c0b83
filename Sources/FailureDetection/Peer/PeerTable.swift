internal import CausalClock

/// The peers, in order of name, each asked and changed in place.
///
/// An array hands out a copy of an element when it is asked something, and a peer is large; this borrows it.
struct PeerTable: RandomAccessCollection, MutableCollection, Sendable {
    private var items: [Peer]

    init(_ items: [Peer]) { self.items = items }

    var startIndex: Int { 0 }
    var endIndex: Int { items.count }
    var indices: Range<Int> { 0..<items.count }

    subscript(index: Int) -> Peer {
        _read { yield items.span[index] }
        _modify { yield &items[index] }
    }

    /// Their names.
    var ids: [HostID] { items.map(\.id) }

    /// Makes the storage unique again after a copy of the table was made.
    mutating func detach() {
        unsafe items.withUnsafeMutableBufferPointer { _ in }
    }
}
