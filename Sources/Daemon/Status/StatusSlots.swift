internal import Records

/// What a connection's slot is kept for.
enum StatusSlot: Equatable {
    /// Any process, in the order in which they come.
    case shared
    /// Processes of a service.
    case service(ServiceName)
}

/// Which connections the status socket takes.
///
/// In the user namespace of the unit all users but root and the daemon's own are one, so that any of them can use up what
/// is shared. The processes of observed services have slots of their own: a service whose calls of `Alive` are refused
/// would be called hung by every host.
struct StatusSlots {
    /// Connections in all that share slots, and those of one user.
    static let (limit, userLimit) = (128, 64)
    /// Connections kept free for root and the daemon's own user, whatever the others do.
    static let reserve = 16
    /// Connections kept free for each service.
    static let serviceLimit = 4
    /// After what time without a call a connection makes space for another, in nanoseconds.
    static let idleTime: Int64 = 2_000_000_000

    /// A connection that is there.
    struct Occupant {
        let token: UInt64
        let user: UInt32
        let slot: StatusSlot
        /// Since when it has had nothing to do; `nil` while it has, or where it is not to make space.
        let idleSince: Int64?
    }

    private let occupants: [Occupant]
    private let ownUser: UInt32

    /// The slots as they are, with the user of the daemon.
    init(_ occupants: [Occupant], ownUser: UInt32) {
        self.occupants = occupants
        self.ownUser = ownUser
    }

    private func isPrivileged(_ user: UInt32) -> Bool { user == 0 || user == ownUser }

    /// The slot that a user gets.
    ///
    /// - Parameters:
    ///   - user: the user.
    ///   - service: the service that the process is of; asked only when the shared slots are taken.
    /// - Returns: the slot; `nil` when all are taken.
    func slot(forUser user: UInt32, service: () -> ServiceName?) -> StatusSlot? {
        if hasSpace(forUser: user) { return .shared }
        guard let service = service() else { return nil }
        let taken = occupants.count { $0.slot == .service(service) }
        return taken < Self.serviceLimit ? .service(service) : nil
    }

    private func hasSpace(forUser user: UInt32) -> Bool {
        let shared = occupants.count { $0.slot == .shared }
        if isPrivileged(user) { return shared < Self.limit + Self.reserve }
        return shared < Self.limit && !isFull(user)
    }

    private func isFull(_ user: UInt32) -> Bool {
        occupants.count { $0.slot == .shared && $0.user == user } >= Self.userLimit
    }

    /// The connection that makes space for one of a user: the one that has been idle for longest; `nil` for none.
    func idle(forUser user: UInt32, at now: Int64) -> UInt64? {
        // Only its own can help a user that has as many as it may have.
        let isOwn = isFull(user)
        let candidates = occupants.filter {
            $0.slot == .shared && ($0.user == user || !isOwn && !isPrivileged($0.user))
        }
        let idlest = candidates.min { $0.idleSince ?? .max < $1.idleSince ?? .max }
        guard let idlest, let since = idlest.idleSince, now - since >= Self.idleTime else { return nil }
        return idlest.token
    }
}

/// How many connections were refused, reported to the loop at most once a second.
struct StatusRefusals {
    private static let period: Int64 = 1_000_000_000
    private var count = 0
    private var nextReport: Int64 = 0

    /// Notes one more.
    mutating func note() { count += 1 }

    /// How many there were since the last report, when one is due.
    mutating func take(at now: Int64) -> Int? {
        guard count > 0, now >= nextReport else { return nil }
        defer { (count, nextReport) = (0, now + Self.period) }
        return count
    }
}
