internal import ByteCoding
internal import CausalClock

/// The value of a `view` record: the complete list of the neighbours that its author suspects.
///
/// A neighbour that is missing is not suspected, so nothing ever has to be withdrawn. A host without a view suspects
/// no other.
package struct View: Sendable, Hashable {
    /// The most suspects; with long numbers fewer fit into a record.
    package static let maximumSuspects = 64

    /// Whether the author judges no other at present: it is isolated, was just paused, or reads late.
    package var abstains: Bool
    /// Whether half or more of the author's neighbours, and at least two, are silent.
    package var isDark: Bool
    /// Whether the list is a part, because there was no space for all: the latest suspicions are in it.
    package var isPartial: Bool
    /// The suspected neighbours, strictly ascending by `subject`; at most `maximumSuspects`, and as many as fit.
    package private(set) var suspects: [SuspicionReport]

    /// A view of `suspects`, in any order; of more than fit into a record the latest are kept.
    package init(suspects: [SuspicionReport] = [], abstains: Bool = false, isDark: Bool = false) {
        // The flags and the number of suspects come before them.
        var space = RecordLayout.maximumValueLength - 2
        let latest = suspects.sorted { ($0.counter, $1.subject) > ($1.counter, $0.subject) }
            .prefix(Self.maximumSuspects)
            .prefix { report in
                space -= report.length
                return space >= 0
            }
        self.suspects = latest.sorted { $0.subject < $1.subject }
        self.abstains = abstains
        self.isDark = isDark
        isPartial = latest.count < suspects.count
    }

    /// A view as it was read; `suspects` ascend.
    init(ascending suspects: [SuspicionReport], abstains: Bool, isDark: Bool, isPartial: Bool) {
        self.suspects = suspects
        self.abstains = abstains
        self.isDark = isDark
        self.isPartial = isPartial
    }

    /// What the author reports about the host whose hashed id is `subject`; `nil` if it does not suspect it.
    package func report(about subject: UInt64) -> SuspicionReport? {
        let index = suspects.partitioningIndex { $0.subject >= subject }
        return index < suspects.count && suspects[index].subject == subject ? suspects[index] : nil
    }

    /// Whether it says more than that some suspicions of `earlier` are over, so that it must not wait.
    func addsTo(_ earlier: View) -> Bool {
        abstains != earlier.abstains || isDark != earlier.isDark
            || suspects.contains { report in
                earlier.report(about: report.subject).map { !$0.isSameSuspicion(as: report) } ?? true
            }
    }
}

extension SuspicionReport {
    /// How many bytes of a view it takes (`RecordLayout`).
    fileprivate var length: Int {
        9 + ByteWriter.varintLength(epoch.value) + ByteWriter.varintLength(counter)
    }
}
