package import CausalClock

/// What became of a record that was merged into a store.
package struct MergeOutcome: Sendable, Hashable {
    /// What the record was to the store.
    package enum Effect: Sendable, Hashable {
        /// It was taken in, and is to be spread; the earlier version, if there was one.
        case accepted(replaced: Record?)
        /// This version is held already.
        case known
        /// A later version is held, or a later incarnation of its author is known.
        case outdated
        /// It is not believed.
        case refused(RecordRefusal)
        /// It is in this host's own name, and this host did not write it as it is: the key has to be written again, in
        /// a later event than the record's, or in a later incarnation.
        case ownName
    }

    /// What the record was to the store.
    package let effect: Effect
    /// The host in whose name two values of one event exist, or records that it did not write.
    package var conflict: HostID?

    init(_ effect: Effect, conflict: HostID? = nil) {
        self.effect = effect
        self.conflict = conflict
    }

    /// Whether it was taken in.
    package var isAccepted: Bool { if case .accepted = effect { true } else { false } }
}

/// What a store has to know of the present to judge a record.
package struct MergeContext: Sendable, BitwiseCopyable {
    /// The latest incarnation that is believed of any host: one day ahead of the wall clock.
    package var latestCredible: Epoch
    /// This host's latest event.
    package var own: Dot

    /// Gathers what is known.
    package init(latestCredible: Epoch, own: Dot) {
        self.latestCredible = latestCredible
        self.own = own
    }
}
