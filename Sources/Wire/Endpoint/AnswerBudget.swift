internal import FailureDetection

/// How many pings are answered a second.
///
/// An answer goes to wherever its ping came from, so an attacker who forges that address makes us send to a
/// host that did not ask. Answers are never larger than their pings, and this bounds how many there are. Each
/// peer is answered at the address it is known by out of a budget of its own, and all other addresses share a small
/// one: so whatever is forged in the name of strangers, or of one peer, the pings of the other peers are answered.
/// Nothing is kept for an address that is no peer's: a flood from forged ones must not grow anything.
enum AnswerBudget {
    /// For one peer at its own address: more than it sends in the tightest round of pings.
    static let peer = TokenBucket(perSecond: 2_000, burst: 400)
    /// For all other addresses together.
    static let strangers = TokenBucket(perSecond: 500, burst: 100)
}
