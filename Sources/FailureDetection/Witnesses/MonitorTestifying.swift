internal import CausalClock

/// Questions about silent hosts and the answers: what is sent, and what is learnt from what arrives.
extension Monitor {
    /// Testimonies for the peer at an index, ascending by host.
    ///
    /// Of the hosts that we do not hear: that is the question. Of the hosts that it does not hear: that is the answer.
    /// And of those that do not hear *it*, so that it may report to us, and we to them, whether it hears them: a link may
    /// be broken one way. The answer to a ping has space for answers only. If more are silent than there is space
    /// for, each event asks about others.
    func testimonies(
        toPeer index: Int, isAnswer: Bool = false, at now: Instant, into list: inout [Testimony]
    ) {
        list.removeAll(keepingCapacity: true)
        guard !questions.items.isEmpty || !silent.isEmpty else { return }
        let addressee = peers[index].id
        for question in questions.items[questions.range(of: index)] {
            add(Testimony(of: question), to: &list, at: now)
        }
        guard !isAnswer else { return }
        let start = silent.count > Testimony.maximumCount ? Int(clock.counter % UInt64(silent.count)) : 0
        for offset in silent.indices {
            // Thousands may be silent, and thousands of messages mention it.
            guard list.count < Testimony.maximumCount else { break }
            let host = silent[(start + offset) % silent.count]
            if host != addressee { add(Testimony(asking: host, isOnBehalf: false), to: &list, at: now) }
        }
        for question in questions.items
        where question.subject == addressee && question.asker != index && !question.isOnBehalf {
            add(Testimony(asking: names[question.asker], isOnBehalf: true), to: &list, at: now)
        }
    }

    /// Adds a testimony in its position, with what we have directly of its subject.
    private func add(_ testimony: Testimony, to list: inout [Testimony], at now: Instant) {
        let host = testimony.subject.host
        guard let subject = index(of: host) else { return }
        let place = list.partitioningIndex { $0.subject.host >= host }
        if place < list.count, list[place].subject.host == host {
            list[place].isOnBehalf =
                list[place].asks ? list[place].isOnBehalf && testimony.isOnBehalf : testimony.isOnBehalf
            list[place].asks = list[place].asks || testimony.asks
            return
        }
        guard list.count < Testimony.maximumCount else { return }
        list.insert(filled(testimony, about: subject, at: now), at: place)
    }

    /// A testimony with what we have directly of the peer at an index.
    private func filled(_ testimony: Testimony, about index: Int, at now: Instant) -> Testimony {
        var testimony = testimony
        testimony.isTrusted = isHeardOrAwaited(index, at: now)
        testimony.subject = Dot(host: names[index], epoch: Epoch(0), counter: 0)
        if let epoch = peers[index].epoch {
            testimony.subject.epoch = epoch
            testimony.subject.counter = peers[index].incarnation.order.latest
            testimony.age = max(now - peers[index].receiver.highestArrival, .zero)
        } else if testimony.isTrusted {
            testimony.age = Self.ageOfNothing
        }
        guard isUnableToKnow(of: index, at: now) else { return testimony }
        // What does not count may have arrived.
        testimony.isTrusted = true
        testimony.age = Self.ageOfNothing
        let latest = latestIncarnation(of: index)
        if peers[index].epoch != latest {
            testimony.subject = Dot(host: names[index], epoch: latest, counter: 0)
        }
        return testimony
    }

    /// The age of news that is older than what any addressee misses: with it, trust is neither a claim nor a denial.
    private static let ageOfNothing = TimeSpan.seconds(86_400)

    /// Whether a peer is heard, or is overdue but not missed yet: what is had of it is a claim then where it is newer than
    /// what the addressee misses, and nothing where it is not.
    private func isHeardOrAwaited(_ index: Int, at now: Instant) -> Bool {
        switch peers[index].state {
        case .trusted, .pending: true
        case .suspected: peers.ask(index) { $0.recovery(at: judgementTime(at: now)) == .heard }
        case .unknown, .left: false
        }
    }

    /// Whether our not hearing a peer says nothing of it, because nothing of ours reached it, or because we do not
    /// believe what it sends.
    private func isUnableToKnow(of index: Int, at now: Instant) -> Bool {
        guard peers[index].state != .trusted else { return false }
        return peers.ask(index) { $0.obstacle != nil || $0.isSpeaking(at: now) }
    }

    /// Learns what a message says of others.
    mutating func takeTestimonies(
        _ reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        learnForAskers(reception, from: index)
        // The questions of a regular message replace those before; an answer has no space for them.
        if case .pong = reception.body {} else { questions.replace(index, with: reception.testimonies) }
        relayProbe(for: reception, at: now, into: &effects)
        let speaksOfUs = reception.acknowledgedEpoch == clock.epoch
        for testimony in reception.testimonies {
            if speaksOfUs, claimsFuture(testimony) {
                noteClaim(
                    Dot(host: clock.owner, epoch: clock.epoch, counter: testimony.claimed), by: index,
                    at: now,
                    into: &effects)
                continue
            }
            take(
                WitnessStatement(
                    witness: reception.dot.host, arrived: reception.arrived, testimony: testimony),
                speaksOfUs: speaksOfUs, at: now)
        }
    }

    /// Learns what a witness says of a peer that is missed.
    private mutating func take(_ report: WitnessStatement, speaksOfUs: Bool, at now: Instant) {
        let testified = report.testimony.subject
        guard let subject = index(of: testified.host), peers[subject].watch.isOpen else { return }
        let isCurrent = testified.epoch == peers[subject].epoch
        peers[subject].watch.take(
            report, speaksOfUs: speaksOfUs && isCurrent, next: clock.counter + 1, at: now)
        weighAttestations(of: subject, isDue: peers[subject].state != .left)
        // One that was thought silent through our own fault is given its time to be heard first.
        guard peers[subject].state == .suspected, peers[subject].verdict?.cause != .isolated else { return }
        // Judged at the end of this turn, for more of it may have arrived: the peer itself may be heard.
        peers[subject].hasten(reviewTo: now)
        schedule(subject)
    }

    /// Whether a testimony mentions events of ours that we have not had: that contradicts, and proves nothing.
    private func claimsFuture(_ testimony: Testimony) -> Bool { testimony.claimed > clock.counter }

    /// Notes what a message of a host says of the peers that do not hear it: what it knew of them, and what it got.
    private mutating func learnForAskers(_ reception: InboundMessage, from index: Int) {
        for place in questions.items.indices where questions.items[place].subject == reception.dot.host {
            let asker = questions.items[place].asker
            guard asker != index, let epoch = peers[asker].epoch else { continue }
            let known = reception.entry(of: names[asker])
            let got = reception.testimonies.first { $0.subject.host == names[asker] }?.subject
            questions.learn(
                known: known?.epoch == epoch ? known?.counter ?? 0 : 0,
                got: got?.epoch == epoch ? got?.counter ?? 0 : 0, at: place)
        }
    }
}

extension Testimony {
    /// The latest event of the addressee that it carries; 0 for none.
    fileprivate var claimed: UInt64 { max(knownOfYou, gotOfYou) }
}

extension Testimony {
    /// Of a host that is to be asked about.
    fileprivate init(asking host: HostID, isOnBehalf: Bool) {
        self.init(
            subject: Dot(host: host, epoch: Epoch(0), counter: 0), age: .zero, asks: true,
            isOnBehalf: isOnBehalf)
    }

    /// The answer to a question.
    fileprivate init(of question: IndirectProbeRequest) {
        self.init(
            subject: Dot(host: question.subject, epoch: Epoch(0), counter: 0), age: .zero,
            knownOfYou: question.known, gotOfYou: question.got)
    }
}
