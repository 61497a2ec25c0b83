package import FailureDetection
internal import Wire

/// An ICMP error, port unreachable: a datagram is said to have been refused.
struct ICMPError: Sendable {
    /// How many bytes of a datagram an error quotes.
    static let quoteLength = 32

    /// Where the datagram was going.
    var about: NetworkAddress
    /// The address that the error comes from.
    var offender: NetworkAddress
    /// The first bytes of the datagram.
    var quote: [UInt8]

    init(about: NetworkAddress, by offender: NetworkAddress, quoting datagram: ArraySlice<UInt8>) {
        (self.about, self.offender) = (about, offender)
        quote = Array(datagram.prefix(Self.quoteLength))
    }
}

/// The ICMP errors under way, each with a number by which the queue of happenings names it.
struct ErrorsUnderWay: Sendable {
    private var errors: [ICMPError?] = []
    private var free: [Int] = []

    /// Takes an error and gives it a number.
    mutating func put(_ error: ICMPError) -> Int {
        guard let number = free.popLast() else {
            errors.append(error)
            return errors.count - 1
        }
        errors[number] = error
        return number
    }

    /// Gives the error with a number back; the number is free then.
    mutating func take(_ number: Int) -> ICMPError? {
        guard let error = errors[number] else { return nil }
        errors[number] = nil
        free.append(number)
        return error
    }
}

/// ICMP errors, true and forged, and datagrams that a kernel refuses.
extension World {
    /// The position of a router, which is no host.
    static let router = 0xFFFF_FFFF

    /// An error is on its way to a host.
    mutating func deliver(_ error: ICMPError, to place: Int, after delay: TimeSpan) {
        queue.push(Happening(at: now + delay, .unreachable, place, object: errors.put(error)))
    }

    /// The error with a number reaches a host; only a process that runs has a socket for it.
    mutating func receiveError(_ number: Int, at place: Int) {
        guard let error = errors.take(number), hosts[place].isUp else { return }
        hosts[place].errors.append(error)
        schedule(place, at: now)
    }

    /// Hands the errors in the queue of a socket to the endpoint.
    mutating func drainErrors(of place: Int, at instant: Instant) {
        for error in hosts[place].errors {
            hosts[place].endpoint?.portUnreachable(
                error.about, reportedBy: error.offender, quoting: error.quote.span, at: instant, into: &outbox
            )
        }
        hosts[place].errors.removeAll(keepingCapacity: true)
    }

    /// An error that nothing caused is sent, and the next one planned: the forger knows the addresses, and no datagram.
    mutating func forge(_ number: Int) {
        let forgery = forgeries[number]
        guard forgery.isGoingOn else { return }
        effects.forged += 1
        queue.push(Happening(at: now + forgery.every, .forgery, number))
        let known = hosts[forgery.victim].lookups.number(of: forgery.subject) ?? 0
        let address = World.address(of: forgery.subject, number: known)
        // Of a source of its own: all else is as it would be without.
        var chance = VirtualRandom(seed: effects.forged)
        let bytes = (0..<ICMPError.quoteLength).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
        deliver(ICMPError(about: address, by: address, quoting: bytes[...]), to: forgery.victim, after: .zero)
    }

    /// Begins to send a host errors in the name of another one.
    ///
    /// - Returns: its number.
    @discardableResult
    package mutating func startForging(to victim: Int, about subject: Int, every: TimeSpan) -> Int {
        forgeries.append(Forgery(victim: victim, subject: subject, every: every))
        queue.push(Happening(at: now, .forgery, forgeries.count - 1))
        return forgeries.count - 1
    }

    /// All that send a host errors in the name of another one cease to.
    package mutating func stopForging(to victim: Int, about subject: Int) {
        for place in forgeries.indices
        where forgeries[place].victim == victim && forgeries[place].subject == subject {
            forgeries[place].isGoingOn = false
        }
    }

    /// Datagrams of one direction begin to be answered with errors; these can be verified if they come from the
    /// receiver's own address.
    package mutating func reject(from: Int, to: Int, isVerified: Bool) {
        links.reject(from: from, to: to, isVerified: isVerified)
    }

    /// Takes one `reject` back.
    package mutating func accept(from: Int, to: Int) { links.accept(from: from, to: to) }

    /// The sender's own kernel begins to refuse the datagrams of one direction.
    package mutating func block(from: Int, to: Int) { links.block(from: from, to: to) }

    /// Takes one `block` back.
    package mutating func unblock(from: Int, to: Int) { links.unblock(from: from, to: to) }

    /// Informs the endpoint of a host which of the datagrams of this turn its kernel refused.
    mutating func reportUnsent(of place: Int, at instant: Instant) {
        for datagram in hosts[place].unsent {
            hosts[place].endpoint?.unsent(datagram, because: .filtered, at: instant, into: &outbox)
        }
        guard !hosts[place].unsent.isEmpty else { return }
        hosts[place].unsent.removeAll(keepingCapacity: true)
        if let wake = askEndpoint(of: place, { $0.nextWake }) { setDeadline(of: place, to: wake) }
    }
}

/// A stranger that sends a host errors in the name of another one.
struct Forgery: Sendable {
    /// The position of the host that is notified.
    let victim: Int
    /// The position of the host that the notice is about.
    let subject: Int
    /// The time from one error to the next.
    let every: TimeSpan
    var isGoingOn = true
}
