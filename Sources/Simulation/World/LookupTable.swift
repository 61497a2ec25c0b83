/// Where one host believes the others to be: what its resolver says of their names.
package struct LookupTable: Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        /// The number of the address that was looked up last.
        var number: Int32 = 0
        /// For how many reasons the name has no address.
        var failures: Int16 = 0
        /// For how many reasons the address is one that the host has not.
        var mistakes: Int16 = 0
    }

    /// The number of an address that no host has.
    static let nowhere = 0x3FFF

    private var entries: [Entry]

    init(count: Int) { entries = Array(repeating: Entry(), count: count) }

    /// The number of the address that a host is believed to have; `nil` when its name does not resolve.
    package func number(of place: Int) -> Int? {
        let entry = entries[place]
        guard entry.failures == 0 else { return nil }
        return entry.mistakes > 0 ? Self.nowhere : Int(entry.number)
    }

    /// The host is found at its address with this number.
    mutating func learn(_ number: Int, of place: Int) { entries[place].number = Int32(number) }

    /// The name of a host begins, or ceases, not to resolve.
    mutating func fail(_ place: Int, _ isFailing: Bool) { entries[place].failures += isFailing ? 1 : -1 }

    /// A host begins, or ceases, to be searched for where it is not.
    mutating func mistake(_ place: Int, _ isMistaken: Bool) {
        entries[place].mistakes += isMistaken ? 1 : -1
    }
}
