package import FailureDetection
internal import Wire

/// A cluster with the daemon's defaults on links that lose: false suspicions, and how fast crashes are found.
package struct LossTrial: Sendable {
    /// What was seen in one or more trials.
    package struct Outcome: Sendable {
        /// Suspicions in the first ten seconds after the losses set in on links that were clean.
        package var atOnset = 0
        /// Suspicions afterwards, while all hosts live.
        package var mistakes = 0
        /// For how long these were counted.
        package var span = TimeSpan.zero
        /// Datagrams that one host sent to one peer in a second of that time.
        package var datagramRate = 0.0
        /// Suspicions of hosts that live between the crashes and during them, some by hosts that have just started.
        package var mistakesAmongCrashes = 0
        /// From each crash to the suspicion by each other host, ascending after `add`.
        package var detectionTimes: [TimeSpan] = []
        /// Observers that did not suspect a crashed host within the trial.
        package var missed = 0
        /// How many trials.
        package var trials = 0

        /// Nothing yet.
        package init() {}

        /// Adds another trial's.
        package mutating func add(_ other: Outcome) {
            datagramRate = (datagramRate * Double(trials) + other.datagramRate * Double(other.trials))
            trials += other.trials
            datagramRate /= Double(max(trials, 1))
            atOnset += other.atOnset
            mistakes += other.mistakes
            span = span + other.span
            mistakesAmongCrashes += other.mistakesAmongCrashes
            detectionTimes = (detectionTimes + other.detectionTimes).sorted()
            missed += other.missed
        }

        /// The detection time that this share of all does not exceed; `nil` without any.
        package func detectionTime(quantile: Double) -> TimeSpan? {
            guard !detectionTimes.isEmpty else { return nil }
            let place = Int((quantile * Double(detectionTimes.count)).rounded(.up)) - 1
            return detectionTimes[min(max(place, 0), detectionTimes.count - 1)]
        }
    }

    /// For how long after the losses set in suspicions are counted apart.
    package static let onset = TimeSpan.seconds(10)

    /// For how long all hosts run between two crashes: 20 s, after which every link has measured its losses, unless changed.
    package var recovery = TimeSpan.seconds(20)

    private let settings: ClusterSettings
    private let lossy: LinkModel
    private var world: World

    /// Prepares a cluster whose links lose nothing yet.
    ///
    /// - Parameters:
    ///   - settings: the cluster.
    ///   - loss: the share of datagrams that each direction is to lose, 0 to 1.
    ///   - burst: the mean length of the bursts in which it loses them; `nil` for independent losses.
    ///   - seed: everything follows from it.
    package init(_ settings: ClusterSettings, loss: Double, burst: TimeSpan?, seed: UInt64) {
        self.settings = settings
        var link = settings.link
        if let burst, loss > 0 {
            link.bursts = BurstLoss(share: loss, burst: burst)
        } else {
            link.loss = loss
        }
        lossy = link
        world = World(settings, seed: seed)
        world.run(until: world.now + .seconds(10))
    }

    /// Lets the losses set in, counts suspicions for `span` after the onset, then crashes one host after another.
    package mutating func run(_ span: TimeSpan, kills: Int) -> Outcome {
        var outcome = Outcome()
        outcome.trials = 1
        for from in 0..<settings.nodes {
            for to in 0..<settings.nodes where from != to { world.setLink(lossy, from: from, to: to) }
        }
        let before = suspicions
        world.run(until: world.now + Self.onset)
        outcome.atOnset = suspicions - before
        let (sent, settled) = (world.sent.reduce(0, +), suspicions)
        world.run(until: world.now + span)
        outcome.mistakes = suspicions - settled
        outcome.span = span
        let pairs = Double(settings.nodes * max(settings.nodes - 1, 1))
        let seconds = max(Double(span.nanoseconds) / 1e9, 1e-9)
        outcome.datagramRate = Double(world.sent.reduce(0, +) - sent) / pairs / seconds
        for number in 0..<kills { kill(number % settings.nodes, into: &outcome) }
        outcome.detectionTimes.sort()
        return outcome
    }

    /// How often a host has suspected another one.
    private var suspicions: Int { suspicions(besides: nil) }

    /// The same without those by or of one host.
    private func suspicions(besides host: Int?) -> Int {
        world.hosts.indices.reduce(0) { sum, place in
            guard place != host else { return sum }
            let peer = host.map { world.ids[$0] }
            return sum + Int(world.askMonitor(of: place) { $0.suspicions(besides: peer) } ?? 0)
        }
    }

    /// Lets all hosts run, crashes one at some instant and times its suspicion by all others; then starts it again.
    private mutating func kill(_ victim: Int, into outcome: inout Outcome) {
        let before = suspicions
        world.run(until: world.now + recovery + world.random.upTo(settings.interval))
        outcome.mistakesAmongCrashes += suspicions - before
        let (crashed, others) = (world.now, suspicions(besides: victim))
        var since = (0..<settings.nodes).map { suspects(victim, at: $0) ? crashed : Instant.never }
        world.crash(victim, refuses: false)
        while let place = world.step(before: crashed + settings.interval * 40) {
            guard place != victim else { continue }
            if !suspects(victim, at: place) {
                since[place] = .never
            } else if since[place] == .never {
                since[place] = world.now
            }
        }
        for place in 0..<settings.nodes where place != victim {
            if since[place] == .never {
                outcome.missed += 1
            } else {
                outcome.detectionTimes.append(since[place] - crashed)
            }
        }
        outcome.mistakesAmongCrashes += suspicions(besides: victim) - others
        world.start(victim)
    }

    private func suspects(_ peer: Int, at place: Int) -> Bool {
        peer != place && world.askMonitor(of: place) { $0.state(of: world.ids[peer]) } == .suspected
    }
}
