internal import FailureDetection
internal import LinuxIO

/// When each name is looked up, and in which order: one question a name at a time, whatever the name servers do.
///
/// A name server that does not answer holds a question for ten seconds and more. So the time of the next question
/// counts from the answer, names that are known to be slow never take all threads, and what is urgent comes first.
struct LookupPlan {
    /// A name, and what is known of it.
    struct Name {
        /// As it is configured, without a port.
        let host: String
        /// What it stood for when it resolved last, without ports; `nil` before it did.
        fileprivate(set) var addresses: [SocketAddress]?
        /// Why the latest look-up failed; `nil` when it did not.
        fileprivate(set) var failure: NameResolutionError?
        /// How many look-ups in a row failed.
        fileprivate(set) var failures = 0
        /// When the latest answer came.
        fileprivate(set) var answered: Instant?
        /// Whether that has not been checked yet.
        var isFresh = false
        /// Whether it was reported that it does not resolve.
        var isReported = false
        /// Whether a peer of this name is not reached: such names come first.
        var isUrgent = true
        /// When it is to be looked up next; counted from the answer while one is waited for.
        fileprivate var due: Instant
        /// Since when an answer is waited for.
        fileprivate(set) var asked: Instant?
        fileprivate var speed = Speed.unknown
    }

    /// How long the latest look-up took.
    fileprivate enum Speed { case unknown, quick, slow }

    /// How many names are looked up at the same time at most, and how many of these may be known to be slow.
    static let (limit, slowLimit) = (128, 4)
    /// How many that were never looked up before may be asked for simultaneously, and for how long each holds its
    /// position: dead ones then delay the others by little, however many they are.
    static let (doubtfulLimit, doubtfulTime) = (24, TimeSpan.milliseconds(250))
    /// Threads that are kept for names which are known to be quick.
    private static let reserve = 16
    /// A look-up that takes longer is slow.
    static let slowness = TimeSpan.seconds(1)
    /// How long after an answer a name is looked up again: while all its peers are reached, while one is not, and at
    /// once when that begins.
    static let settledPeriod = TimeSpan.seconds(30)
    static let retryPeriod = TimeSpan.seconds(5)
    static let urgentPeriod = TimeSpan.seconds(1)

    /// The names, in the order of their first peers.
    private(set) var names: [Name] = []
    /// When a name falls due; those that wait for a thread are checked when an answer comes.
    private(set) var nextDue = Instant.never
    private var places: [String: Int] = [:]

    /// How many names have waited for a name server, or for their turn, for longer than a second.
    func waiting(at now: Instant) -> Int {
        names.count { ($0.asked ?? $0.due) + Self.slowness <= now }
    }

    /// Takes the names that there are from now on; all are due, and what is known of them stays known.
    ///
    /// - Returns: the position of each.
    mutating func configure(_ hosts: [String], at now: Instant) -> [Int] {
        let (known, knownPlaces) = (names, places)
        (names, places) = ([], [:])
        let result = hosts.map { host in
            if let place = places[host] { return place }
            var name = knownPlaces[host].map { known[$0] } ?? Name(host: host, due: now)
            name.due = now
            places[host] = names.count
            names.append(name)
            return names.count - 1
        }
        nextDue = names.isEmpty ? .never : now
        return result
    }

    /// Changes what others keep of a name.
    mutating func note(_ place: Int, _ change: (inout Name) -> Void) { change(&names[place]) }

    /// Has a name looked up `period` after its latest answer at the latest, or now if that is over.
    mutating func hasten(_ place: Int, after period: TimeSpan, at now: Instant) {
        let due = max(names[place].answered.map { $0 + period } ?? now, now)
        guard due < names[place].due else { return }
        names[place].due = due
        if names[place].asked == nil { nextDue = min(nextDue, due) }
    }

    /// The names that are to be asked for now: no more than there are threads.
    mutating func takeDue(at now: Instant) -> [String] {
        guard nextDue <= now else { return [] }
        var running = Running(names, at: now)
        let due = names.indices.filter { names[$0].asked == nil && names[$0].due <= now }
        let order = due.sorted { left, right in
            let (left, right) = (names[left], names[right])
            return left.isUrgent == right.isUrgent ? left.due < right.due : left.isUrgent
        }
        var hosts: [String] = []
        for place in order where running.admit(names[place].speed) {
            names[place].asked = now
            hosts.append(names[place].host)
        }
        planNext(after: now, isFull: !running.hasSpace)
        return hosts
    }

    /// Those that are due and got no thread wait for an answer, or until one that is asked for gives up its slot.
    private mutating func planNext(after now: Instant, isFull: Bool) {
        nextDue = .never
        for name in names {
            if let asked = name.asked {
                let end = asked + Self.doubtfulTime
                if name.speed == .unknown, end > now, !isFull { nextDue = min(nextDue, end) }
            } else if name.due > now {
                nextDue = min(nextDue, name.due)
            }
        }
    }

    /// Takes an answer; one to a question that nothing asks any more is passed over.
    ///
    /// - Returns: the position of the name.
    mutating func take(_ answer: AddressResolver.Answer, at now: Instant) -> Int? {
        guard let place = places[answer.host], let asked = names[place].asked else { return nil }
        var name = names[place]
        name.asked = nil
        name.answered = now
        name.isFresh = true
        name.speed = now - asked > Self.slowness ? .slow : .quick
        switch answer.result {
        case .success(let addresses):
            (name.addresses, name.failure, name.failures) = (addresses, nil, 0)
        case .failure(let failure):
            (name.failure, name.failures) = (failure, name.failures + 1)
        }
        // After a reload meanwhile an answer from after the reload is wanted.
        let isStale = name.due > asked && name.due <= now
        name.due = isStale ? now : now + (name.isUrgent ? Self.retryPeriod : Self.settledPeriod)
        names[place] = name
        nextDue = now
        return place
    }

    /// What is being looked up, against the limits.
    private struct Running {
        private var (all, slow, doubtful) = (0, 0, 0)

        init(_ names: [Name], at now: Instant) {
            for name in names {
                guard let asked = name.asked else { continue }
                count(name.speed)
                if name.speed == .unknown, asked + LookupPlan.doubtfulTime <= now { doubtful -= 1 }
            }
        }

        private mutating func count(_ speed: Speed) {
            all += 1
            if speed == .slow { slow += 1 }
            if speed == .unknown { doubtful += 1 }
        }

        /// Whether there are threads for names that are not known to be quick.
        var hasSpace: Bool { all < LookupPlan.limit - LookupPlan.reserve }

        mutating func admit(_ speed: Speed) -> Bool {
            let isAdmitted =
                switch speed {
                case .quick: all < LookupPlan.limit
                case .unknown: hasSpace && doubtful < LookupPlan.doubtfulLimit
                case .slow: hasSpace && slow < LookupPlan.slowLimit
                }
            if isAdmitted { count(speed) }
            return isAdmitted
        }
    }
}
