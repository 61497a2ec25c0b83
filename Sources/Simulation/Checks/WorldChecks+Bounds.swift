internal import CausalClock
package import FailureDetection
internal import Wire

/// How long the crash of a peer could go unnoticed at one instant, and what that rested on.
struct UsualBound: Sendable, BitwiseCopyable {
    /// The longest that it could.
    var bound: TimeSpan
    /// How many of a thousand messages were lost, in the worse of both directions.
    var loss: Int
    /// What of it comes from losses that are remembered (`Monitor.worstLossDelay`).
    var lossDelay = TimeSpan.zero
    /// What of it is remembered for longer (`Monitor.rememberedDelay`).
    var rememberedDelay = TimeSpan.zero
}

/// What a host said of how long the end of a peer can go unnoticed.
struct PublishedBound: Sendable, BitwiseCopyable {
    /// How long at most.
    var bound: TimeSpan
    /// The longest delay that this rests on.
    var delay: TimeSpan
}

/// How long a crash may go unnoticed, as the hosts say themselves.
extension WorldChecks {
    /// What a host says, at present, of how long the end of a peer can go unnoticed; `nil` when it says nothing.
    func publishedBound(by observer: Int, of peer: Int, in world: World) -> PublishedBound? {
        guard observer != peer else { return nil }
        let now = world.askHost(observer) { $0.clock.reading(at: world.now) }
        return world.askMonitor(of: observer) { $0.publishedBound(of: world.ids[peer], at: now) } ?? nil
    }

    /// What a host says now, if what was under way when the peer ended took longer than anything before.
    ///
    /// A bound rests on the delays that were measured. When a queue grows or the route changes at the moment of a crash,
    /// the last messages show a longer one only afterwards, and then the bound that they lead to is the promise.
    ///
    /// - Returns: that bound; `nil` where no message took longer, and what was said first holds.
    func slowerBound(
        than published: PublishedBound, by observer: Int, of peer: Int, in world: World
    ) -> PublishedBound? {
        guard let present = publishedBound(by: observer, of: peer, in: world),
            present.delay > published.delay, present.bound > published.bound
        else { return nil }
        return present
    }

    /// What that costs beside: loops that wake late, and clocks that are slow.
    package func tolerance(of bound: TimeSpan) -> TimeSpan {
        settings.lag * Int64(settings.retries + 4) + settings.link.jitter * 2 + bound / 5_000
            + .milliseconds(1)
    }

    /// A peer has been down for as long as an observer said that this can go unnoticed.
    mutating func judgePublished(
        _ published: PublishedBound, by observer: Int, of peer: Int, at crashed: Instant, in world: World
    ) {
        let isDead = world.askHost(peer) { !$0.isUp && $0.incarnations.last?.ended == crashed }
        guard isDead, !troubles.mayHide(peer, from: observer, since: crashed, to: world.now),
            let began = world.askHost(observer, { $0.incarnations.last?.began }), began < crashed,
            let state = world.askMonitor(of: observer, { $0.state(of: world.ids[peer]) }) ?? nil,
            state == .trusted || state == .pending
        else { return }
        report(
            .published, at: world.now,
            "\(world.ids[observer]) has \(world.ids[peer]), dead for \((world.now - crashed).milliseconds) ms, as \(state.rawValue), and said that it takes \(published.bound.milliseconds) ms at most"
        )
    }

    /// Notes how long crashes may go unnoticed before anything goes wrong.
    package mutating func noteUsualBounds(in world: World) { usualBounds = bounds(in: world) }

    /// Notes how long crashes may go unnoticed when all is over; of several times the shortest.
    package mutating func noteLastBounds(in world: World) {
        let present = bounds(in: world)
        lastBounds =
            lastBounds.isEmpty
            ? present
            : zip(lastBounds, present).map { last, present in
                zip(last, present).map { last, present in
                    guard let last, let present else { return last ?? present }
                    return present.bound < last.bound ? present : last
                }
            }
    }

    private func bounds(in world: World) -> [[UsualBound?]] {
        (0..<settings.nodes).map { observer in
            (0..<settings.nodes).map { usualBound(by: observer, of: $0, in: world) }
        }
    }

    private func usualBound(by observer: Int, of peer: Int, in world: World) -> UsualBound? {
        guard let bound = publishedBound(by: observer, of: peer, in: world)?.bound else { return nil }
        return world.askMonitor(of: observer) { monitor in
            guard let index = monitor.index(of: world.ids[peer]) else { return nil }
            let report = monitor.report(ofPeer: index)
            return UsualBound(
                bound: bound, loss: max(report.lossIn, report.lossOut),
                lossDelay: monitor.worstLossDelay(ofPeer: index),
                rememberedDelay: monitor.rememberedDelay(ofPeer: index))
        } ?? nil
    }

    /// Nothing of any trouble is remembered any more: crashes are found as soon as before.
    ///
    /// A share of lost messages is one of several hundred, and so remembered for longer; where more are lost than before,
    /// some may be yet, and then verdicts are put off. So are they while rounds of pings are longer for losses that are
    /// remembered until as many would have been expected again. What learns its patience may have learnt another one, and a
    /// mean of a thousand delays remembers slow ones for as many heartbeats.
    package mutating func judgeRestored(in world: World) {
        guard settings.hasFixedMargin else { return }
        for (observer, bounds) in zip(usualBounds, lastBounds).enumerated() {
            for (peer, (usual, now)) in zip(bounds.0, bounds.1).enumerated() {
                guard let usual, let now,
                    now.loss < Self.noLoss || usual.loss >= Self.noLoss, now.lossDelay <= usual.lossDelay,
                    now.bound - now.rememberedDelay > usual.bound + usual.bound / 5 + .milliseconds(10)
                else { continue }
                report(
                    .restored, at: world.now,
                    "\(world.hosts[observer].id) finds the end of \(world.hosts[peer].id) within \(now.bound.milliseconds) ms, and did within \(usual.bound.milliseconds) ms before"
                )
            }
        }
    }

    /// In a thousand messages: with one more lost of the few hundred that are counted it is not yet one in a hundred.
    private static let noLoss = 5
}

extension Monitor {
    /// What this detector says of how long the end of a peer can go unnoticed; `nil` when it says nothing.
    fileprivate func publishedBound(of peer: HostID, at now: Instant) -> PublishedBound? {
        guard let index = index(of: peer),
            state(ofPeer: index) == .trusted || state(ofPeer: index) == .pending,
            let bound = detectionTimeBound(ofPeer: index, at: now), let delay = longestDelay(ofPeer: index)
        else { return nil }
        return PublishedBound(bound: bound, delay: delay)
    }
}
