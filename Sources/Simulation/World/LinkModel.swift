package import FailureDetection

/// What one direction of a link does to datagrams.
package struct LinkModel: Sendable, BitwiseCopyable, Hashable {
    /// The shortest way.
    package var delay: TimeSpan
    /// How much longer it may be, evenly spread.
    package var jitter: TimeSpan
    /// The share of datagrams that are lost, each independently.
    package var loss = 0.0
    /// Losses that come together.
    package var bursts: BurstLoss?
    /// The share of datagrams that arrive twice.
    package var duplication = 0.0
    /// The share of datagrams that are held back.
    package var reordering = 0.0
    /// How long they are held back at most.
    package var holdBack = TimeSpan.zero
    /// The share of datagrams of which some bits are changed.
    package var corruption = 0.0
    /// A delay that comes and goes.
    package var wave: DelayWave?

    /// A link that only takes time.
    package init(delay: TimeSpan, jitter: TimeSpan = .zero) {
        self.delay = delay
        self.jitter = jitter
    }

    /// The longest that a datagram is under way.
    package var longestDelay: TimeSpan {
        delay + jitter + (reordering > 0 ? holdBack : .zero) + (wave?.height ?? .zero)
    }

    /// How long one datagram is under way that is sent now.
    func transit(at now: Instant, using random: inout VirtualRandom) -> TimeSpan {
        let held = random.happens(reordering) ? random.upTo(holdBack) : .zero
        let usual = delay + random.upTo(jitter) + held
        guard let wave else { return usual }
        return usual + wave.extra(at: now)
    }
}

/// The links between all hosts, each direction for itself.
package struct LinkTable: Sendable {
    /// What is remembered of one direction.
    private struct State: Sendable, BitwiseCopyable {
        /// The model's number in `models`.
        var model: Int32 = 0
        /// How many cuts are in force.
        var cuts: Int16 = 0
        /// How many firewalls reject.
        var rejects: Int16 = 0
        /// For how many reasons the sender's own kernel refuses to send.
        var blocks: Int16 = 0
        /// Whether the firewall answers in the receiver's own name.
        var isVerified = false
        var isBad = false
        var seen = Instant(nanoseconds: 0)
    }

    private var models: [LinkModel]
    private var states: [State]
    private let count: Int

    init(count: Int, model: LinkModel) {
        self.count = count
        models = [model]
        states = Array(repeating: State(), count: count * count)
    }

    /// What the direction from one host to another does.
    package func model(from: Int, to: Int) -> LinkModel { models[Int(states[from * count + to].model)] }

    mutating func setModel(_ model: LinkModel, from: Int, to: Int) {
        let known = models.firstIndex(of: model)
        if known == nil { models.append(model) }
        states[from * count + to].model = Int32(known ?? models.count - 1)
    }

    mutating func cut(from: Int, to: Int) { states[from * count + to].cuts += 1 }

    mutating func mend(from: Int, to: Int) { states[from * count + to].cuts -= 1 }

    /// Whether nothing passes in this direction.
    package func isCut(from: Int, to: Int) -> Bool { states[from * count + to].cuts > 0 }

    /// Begins to answer what is sent in this direction with an error instead of letting it pass.
    mutating func reject(from: Int, to: Int, isVerified: Bool) {
        states[from * count + to].rejects += 1
        states[from * count + to].isVerified = isVerified
    }

    mutating func accept(from: Int, to: Int) { states[from * count + to].rejects -= 1 }

    /// Whether the errors that answer this direction can be verified; `nil` when there are none.
    func rejection(from: Int, to: Int) -> Bool? {
        let state = states[from * count + to]
        return state.rejects > 0 ? state.isVerified : nil
    }

    mutating func block(from: Int, to: Int) { states[from * count + to].blocks += 1 }

    mutating func unblock(from: Int, to: Int) { states[from * count + to].blocks -= 1 }

    /// Whether the sender's own kernel refuses to send in this direction.
    package func isBlocked(from: Int, to: Int) -> Bool { states[from * count + to].blocks > 0 }

    /// Whether a datagram sent now is lost.
    mutating func loses(from: Int, to: Int, at now: Instant, using random: inout VirtualRandom) -> Bool {
        let place = from * count + to
        guard states[place].cuts == 0 else { return true }
        let model = models[Int(states[place].model)]
        if random.happens(model.loss) { return true }
        guard let bursts = model.bursts else { return false }
        let isBad = bursts.isBad(
            after: now - states[place].seen, since: states[place].isBad, using: &random)
        states[place].isBad = isBad
        states[place].seen = now
        return isBad
    }
}
