internal import CausalClock
internal import FailureDetection
internal import Records

/// What is kept of the way to one peer between messages.
struct OutgoingLink: Sendable {
    /// The peer.
    let addressee: HostID
    /// Where the next PARTIAL clock's turn of all entries begins.
    var rotation = 0
    /// Where the peer's entry was when it was last searched for.
    var lastIndex = 0
    /// Which of our clocks the peer is known to have.
    var baseline = ClockBaseline()
    /// By what number the key is known that sealed the peer's latest message.
    var theirKey: UInt64?
    /// At which addresses our datagrams reach the peer.
    var proof = AddressProof()
    /// How large its datagrams may be.
    var payload = PayloadLimit()
    /// From where the peer was heard last.
    var source: NetworkAddress?
    /// Where the latest message from the peer's present address came in.
    var path: LocalPath?
    /// What is left for answers to the peer's own address.
    var answers = AnswerBudget.peer
    /// What is left for messages of records from the peer: as many as a host sends to all its neighbours together.
    var recordBudget = RecordBudget.peer
    /// The peer's latest view for which it has vouched itself, and whether that is all of it; `nil` before the first.
    var view: (dot: Dot, isComplete: Bool)?
    /// The event of that one, after it was forgotten with a reload.
    var vouched: Dot?
    /// With which incarnation and facts of the peer its view was last compared with the one in the store.
    var comparedFacts: (epoch: Epoch, digest: UInt64)?
    /// What is left for the peer's own views: each makes us count anew.
    var viewBudget = TokenBucket(perSecond: 4, burst: Int64(View.maximumSuspects))
    /// The beginnings of what was sent to the peer's own address a moment ago.
    var heads = SentHeads()
    /// The latest report that a datagram to the peer's own address was not delivered, other than for a closed port.
    var deliveryReport: DeliveryReport?
    /// Where the latest datagram came from that seems to be the peer's and was not believed.
    var unprovedSource: NetworkAddress?
}

/// What a message carries besides what it is for.
struct MessageContext {
    /// Our clock; its owner is the sender.
    var clock: VectorClock
    /// The hosts that we do not hear at present.
    var silent: [HostID] = []
    /// What we got from the addressee, and in which of its incarnations; `nil` before it was heard.
    var acknowledgement: (Epoch, LinkAcknowledgement)?
    /// What we got directly from third hosts, ascending.
    var testimonies: [Testimony] = []
    /// What the sender's store of records holds; in heartbeats and pings.
    var digests = RecordDigests()
    /// What a message of records carries, as it stands at its end.
    var cargo: [UInt8] = []

    /// What the flags of the clock block say of it, but for the form.
    var flags: UInt8 {
        (acknowledgement == nil ? 0 : MessageLayout.hasAcknowledgement)
            | (testimonies.isEmpty ? 0 : MessageLayout.hasTestimonies)
            | (clock.hasGaps ? MessageLayout.hasGaps : 0)
            | (clock.lowerBoundCount == 0 ? 0 : MessageLayout.hasLowerBounds)
    }
}
