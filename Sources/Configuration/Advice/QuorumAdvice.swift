/// Warnings on `[verdict] quorum`.
enum QuorumAdvice {
    /// Records a warning when so few members are configured that the quorum asked for can never be reached.
    ///
    /// The default is never warned of: it means "where a majority is possible".
    static func record(
        _ quorum: Quorum, at location: Location?, ids: [String], node: String,
        _ diagnostics: inout Diagnostics
    ) {
        guard let location, quorum != .majority else { return }
        let observers = ids.filter { $0 != node }.count
        guard observers > 0 else { return }
        if observers == 1 {
            diagnostics.warning(
                "verdict.quorum", at: location,
                "two members are no quorum: each is the other's only observer, and nothing is ever confirmed",
                "add a third member, or remove the key and go by the suspicions")
        } else if case .count(let count) = quorum, count > observers {
            diagnostics.warning(
                "verdict.quorum", at: location,
                "\(count) observers are asked for and a peer has \(observers): nothing is ever confirmed",
                "write \"majority\", or \(observers) at most")
        }
    }
}
