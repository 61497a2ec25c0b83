package import FailureDetection

/// Something that must not be, and was.
package struct Breach: Sendable, Hashable, CustomStringConvertible {
    /// Which promise was broken.
    package enum Promise: String, Sendable, CaseIterable {
        /// A crashed host is suspected within the bound, for good.
        case completeness
        /// A host that runs, on a link without trouble, is not suspected, and is trusted in the end.
        case accuracy
        /// States change as they may; suspect and trust alternate.
        case transitions
        /// What is called proved is true.
        case proof
        /// Clocks never go back, and contain nothing that never was.
        case clocks
        /// After a turn nothing is still due.
        case deadline
        /// Datagrams and memory stay within their bounds.
        case bounds
        /// Retired incarnations, copies and damaged datagrams change nothing.
        case refusal
        /// What was received outranks what was not sent, and what errors say.
        case evidence
        /// A host with datagrams that arrive, believed or not, is not said to have crashed.
        case arrival
        /// A crash is found within the time that the observer reported before.
        case published
        /// A quorum confirms, and nothing else.
        case quorum
        /// A reload leaves as they are the peers that stay, and no number of an incarnation is used twice.
        case continuity
        /// The parts of a monitor agree with each other.
        case invariants
        /// When all trouble is over all hosts hold the same records, and those are true.
        case records
        /// When all trouble is over nothing is left of it.
        case recovery
        /// Then, and after a reload, a crash is found as soon as before.
        case restored
    }

    /// Which promise was broken.
    package var promise: Promise
    /// When, in true time.
    package var at: Instant
    /// How.
    package var what: String

    /// The breach in one line.
    package var description: String {
        let milliseconds = at.nanoseconds / 1_000_000
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction) s  \(promise.rawValue): \(what)"
    }
}
