/// What an operator asks of the detection of one peer, in the metrics of Chen, Toueg and Aguilera.
public struct QualityTarget: Sendable, BitwiseCopyable, Hashable {
    /// T_D: the longest from a crash to the suspicion that stays.
    public var detectionTime: TimeSpan
    /// T_MR: the shortest mean time between two wrong suspicions.
    public var mistakeRecurrence: TimeSpan
    /// T_M: the longest mean time until a wrong suspicion is taken back.
    public var mistakeDuration: TimeSpan

    /// Gathers a target; all three must be positive to be feasible.
    public init(detectionTime: TimeSpan, mistakeRecurrence: TimeSpan, mistakeDuration: TimeSpan) {
        self.detectionTime = detectionTime
        self.mistakeRecurrence = mistakeRecurrence
        self.mistakeDuration = mistakeDuration
    }
}
