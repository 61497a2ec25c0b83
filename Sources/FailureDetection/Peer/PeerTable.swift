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

    /// Asks a peer something where it is.
    ///
    /// `table[index].answer` copies the peer first unless the compiler inlines all of the answer, for the access has ended when
    /// the answer is computed. This lasts as long as the question.
    func ask<Answer>(_ index: Int, _ question: (borrowing Peer) -> Answer) -> Answer {
        items.span.borrow(index, question)
    }

    /// Their names.
    var ids: [HostID] { items.map(\.id) }

    /// Makes the storage unique again after a copy of the table was made.
    mutating func detach() {
        unsafe items.withUnsafeMutableBufferPointer { _ in }
    }
}

/// For elements that cannot be copied as well: only with them does the compiler hand out the element itself.
extension Span where Element: ~Copyable {
    fileprivate func borrow<Answer>(_ index: Int, _ question: (borrowing Element) -> Answer) -> Answer {
        question(self[index])
    }
}
