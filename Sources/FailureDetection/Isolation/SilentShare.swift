/// A share of the peers that fell silent simultaneously.
public struct SilentShare: Sendable, BitwiseCopyable, Hashable {
    /// How many fell silent.
    public var silent: Int
    /// Of how many.
    public var members: Int

    /// Counts them.
    public init(silent: Int, members: Int) {
        self.silent = silent
        self.members = members
    }
}
