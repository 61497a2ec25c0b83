/// Datagrams that were refused (the interface's type `Refused`): those of the latest reason.
package struct RefusedReport: Codable, Equatable, Sendable {
    /// Why the latest was refused, in words joined by hyphens.
    package var reason: String
    /// How many were refused for this reason since the daemon started.
    package var count: Int
    /// When the latest was refused.
    package var lastUSec: Int
    /// The address that the latest came from.
    package var source: String
    /// The id in whose name the latest of an unknown peer was sent, by its own account.
    package var claimedID: String?
    /// What it means, and what to do.
    package var advice: String

    /// Describes refused datagrams.
    package init(
        reason: String, count: Int, lastUSec: Int, source: String, claimedID: String?, advice: String
    ) {
        self.reason = reason
        self.count = count
        self.lastUSec = lastUSec
        self.source = source
        self.claimedID = claimedID
        self.advice = advice
    }
}

/// Datagrams that this host did not take from the daemon (the interface's type `Unsent`): those of the latest error.
package struct UnsentReport: Codable, Equatable, Sendable {
    /// The latest error.
    package var error: String
    /// How many datagrams failed with it since the daemon started.
    package var count: Int
    /// When the latest failed.
    package var lastUSec: Int
    /// What it means, and what to do.
    package var advice: String

    /// Describes datagrams that were not sent.
    package init(error: String, count: Int, lastUSec: Int, advice: String) {
        self.error = error
        self.count = count
        self.lastUSec = lastUSec
        self.advice = advice
    }
}

/// That large datagrams to a peer do not get through while smaller ones do (the interface's type `Payload`).
package struct PayloadReport: Codable, Equatable, Sendable {
    /// The most bytes of a datagram that are sent to it now, without the headers of IP and UDP.
    package var limitBytes: Int
    /// The smallest of those that were lost, in bytes.
    package var lostBytes: Int
    /// What it means, and what to do.
    package var advice: String

    /// Describes what gets through.
    package init(limitBytes: Int, lostBytes: Int, advice: String) {
        self.limitBytes = limitBytes
        self.lostBytes = lostBytes
        self.advice = advice
    }
}
