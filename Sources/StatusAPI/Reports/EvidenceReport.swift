/// What a verdict rests on (the interface's type `Evidence`).
///
/// `why` shows it for the present moment; an event carries it as it stood then.
package struct EvidenceReport: Codable, Equatable, Sendable {
    /// One English sentence that sums the evidence up.
    package var reason: String
    /// The part of `reason` that an event does not say by its kind, peer and cause; absent where that is all of it.
    package var finding: String?
    /// The detector that judged.
    package var detector: String?
    /// When the next sign of life was due.
    package var deadlineUSec: Int?
    /// How long that was ago.
    package var overdueUSec: Int?
    /// When the peer's last authentic datagram arrived.
    package var lastHeardUSec: Int?
    /// The link sequence number of that datagram.
    package var lastSequence: Int?
    /// How long the peer has been silent.
    package var silenceUSec: Int?
    /// The heartbeat interval that was expected.
    package var heartbeatIntervalUSec: Int?
    /// The pings sent since the deadline, oldest first.
    package var probes: [ProbeReport] = []
    /// When the peer's host said that the peer's port is closed (ICMP port unreachable).
    package var portUnreachableUSec: Int?
    /// Which other peers have relayed news of it.
    package var heardByOthers: [RelayReport] = []
    /// Whether it hears us.
    package var acknowledges: AcknowledgementReport?
    /// The worst lag of our own loop in the time judged.
    package var ownLagUSec: Int = 0
    /// How far this host should distrust its own eyes, 0 to 8.
    package var ownLagScore: Int = 0
    /// Datagrams that our kernel dropped in the time judged.
    package var kernelDrops: Int = 0
    /// What put the verdict off, and by how much; absent where nothing did.
    package var postponements: [PostponementReport]?

    /// How many observers suspect the peer independently, ourselves included.
    package var observers: Int = 0
    /// How many of them are a quorum; absent when there are too few members for one.
    package var quorum: Int?

    /// Starts a piece of evidence from its summary, and the part of that which kind, peer and cause do not say.
    package init(reason: String, finding: String? = nil) {
        self.reason = reason
        self.finding = finding
    }
}

/// One ping and what became of it (the interface's type `Probe`).
package struct ProbeReport: Codable, Equatable, Sendable {
    /// When the ping was sent.
    package var sentUSec: Int
    /// How long an answer was waited for.
    package var timeoutUSec: Int
    /// Whether an answer came.
    package var answered: Bool
    /// When it came.
    package var answeredUSec: Int?
    /// The round-trip time, without what the ping waited at the peer.
    package var rttUSec: Int?

    /// Describes a ping that has no answer yet.
    package init(sentUSec: Int, timeoutUSec: Int) {
        self.sentUSec = sentUSec
        self.timeoutUSec = timeoutUSec
        answered = false
    }

    /// Describes a ping that was answered.
    package init(sentUSec: Int, timeoutUSec: Int, answeredUSec: Int, rttUSec: Int) {
        self.init(sentUSec: sentUSec, timeoutUSec: timeoutUSec)
        answered = true
        self.answeredUSec = answeredUSec
        self.rttUSec = rttUSec
    }
}

/// A rule that put a verdict off (the interface's type `Postponement`).
package struct PostponementReport: Codable, Equatable, Sendable {
    /// Why it did, as the end of a sentence.
    package var reason: String
    /// By how much.
    package var byUSec: Int

    /// Describes what one rule granted.
    package init(reason: String, byUSec: Int) {
        (self.reason, self.byUSec) = (reason, byUSec)
    }
}

/// News of a peer that came through another one (the interface's type `IndirectNews`).
package struct RelayReport: Codable, Equatable, Sendable {
    /// The host that relayed it.
    package var witness: String
    /// When it reached us.
    package var atUSec: Int
    /// The peer's latest event that the witness knew.
    package var dot: DotText

    /// Describes a piece of relayed news.
    package init(witness: String, atUSec: Int, dot: DotText) {
        self.witness = witness
        self.atUSec = atUSec
        self.dot = dot
    }
}

/// What a peer's acknowledgements say of our datagrams to it (the interface's type `Acknowledgement`).
package struct AcknowledgementReport: Codable, Equatable, Sendable {
    /// The highest link sequence number of ours that it has acknowledged.
    package var highest: Int
    /// The highest that we have sent.
    package var sent: Int
    /// Of our datagrams to it, how many in a thousand were lost.
    package var lostPerMille: Int

    /// Describes a peer's acknowledgements.
    package init(highest: Int, sent: Int, lostPerMille: Int) {
        self.highest = highest
        self.sent = sent
        self.lostPerMille = lostPerMille
    }
}
