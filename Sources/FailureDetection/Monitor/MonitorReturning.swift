internal import CausalClock

/// A peer that left is back, and does not get through to this host: behind a firewall, with another key, at another address.
///
/// Its goodbye ended all questions about it, and its own messages, which would end the absence, do not arrive. So news of a
/// later incarnation in the clocks of others, or datagrams that are not believed, make this host ask: the peer itself, by a ping,
/// and the others, as about a silent peer. The clocks alone decide nothing, for honest hosts hand a lie on that they have merged.
/// News of the incarnation that said goodbye is of its last events.
extension Monitor {
    /// Notes that a peer that left seems to be back.
    mutating func expectReturn(of index: Int, at now: Instant) {
        guard peers[index].state == .left, peers[index].returnSign == nil else { return }
        peers[index].returnSign = ReturnSign(due: now + peers[index].settings.startupGrace)
        schedule(index)
    }

    /// Asks the peers that left of which a message has brought news of a later incarnation.
    mutating func askReturned(at now: Instant, into effects: inout Effects) {
        guard !returned.isEmpty else { return }
        for index in returned { askAboutReturn(of: index, at: now, into: &effects) }
        returned.removeAll(keepingCapacity: true)
    }

    /// Counts a datagram that seems to be of a peer and was refused by the caller; of one that left it is a sign of its return.
    mutating func noteRefused(
        _ index: Int, _ reason: UnprovedReason, arrived: Instant, at now: Instant, into effects: inout Effects
    ) {
        noteUnproved(index, reason, arrived: arrived, at: now)
        guard peers.indices.contains(index), arrived > peers[index].stateSince + ReturnSign.copies else {
            return
        }
        askAboutReturn(of: index, at: now, into: &effects)
    }

    private mutating func askAboutReturn(of index: Int, at now: Instant, into effects: inout Effects) {
        guard peers[index].state == .left, !peers[index].isReturnExpected else { return }
        expectReturn(of: index, at: now)
        if peers[index].settings.mode != .heartbeat { askWhetherRunning(index, at: now, into: &effects) }
    }

    /// Pings a peer once, unless an answer is waited for already.
    mutating func askWhetherRunning(_ index: Int, at now: Instant, into effects: inout Effects) {
        let longest = peers.ask(index) { $0.longestPong }
        guard !peers[index].probes.isProvingFreshness(at: now, believed: longest) else { return }
        sendPing(to: index, use: .freshness, at: now, into: &effects)
    }

    /// Whether what others have of a peer directly shows that it came back: as many must say so as that a silent peer is running.
    ///
    /// That there is one witness only is judged when the peer is to be missed, for the others may be heard by then.
    mutating func weighAttestations(of index: Int, isDue: Bool) {
        guard peers[index].returnSign?.isAttested == false else { return }
        let count = peers[index].watch.reports.count { attestsReturn($0, of: index) }
        guard count >= 2 || (count == 1 && isDue && !hasTwoWitnesses(besides: names[index])) else { return }
        peers[index].returnSign?.isAttested = true
    }

    /// Whether a witness has had events of a later incarnation directly, and misses it if it does not hear it any more: it may
    /// have left again.
    private func attestsReturn(_ report: WitnessStatement, of index: Int) -> Bool {
        let subject = report.testimony.subject
        guard let epoch = peers[index].epoch, subject.epoch > epoch, subject.counter > 0 else { return false }
        return report.testimony.isTrusted
            || peers[index].witnesses.items.contains {
                $0.dot.host == report.witness && $0.subjectEpoch > epoch && isBelieved($0)
            }
    }

    /// The time is over within which a peer that left was to be back, or to be heard since it seems to be back.
    ///
    /// - Returns: whether it is missed from now on.
    mutating func settleReturn(of index: Int, at now: Instant) -> Bool {
        weighAttestations(of: index, isDue: true)
        guard let sign = peers[index].returnSign else { return true }
        let isDue = peers[index].returnDue.map { $0 <= now } ?? false
        let isBack = sign.isAttested || peers.ask(index) { $0.isSpeaking(at: now) }
        if isDue || !isBack { peers[index].returnSign = nil }
        guard !isDue, isBack else { return isDue }
        peers[index].returnDue = nil
        return true
    }
}
