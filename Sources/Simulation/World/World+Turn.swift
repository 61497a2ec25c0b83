internal import CausalClock
internal import FailureDetection
internal import Wire

/// The loop of a host, as the daemon's loop is.
extension World {
    /// Whether the loop that was to wake now has something to do; if not, it is armed anew.
    mutating func isDue(_ place: Int) -> Bool {
        guard hosts[place].armed == now else { return false }
        hosts[place].armed = .never
        guard hosts[place].isUp else { return false }
        guard hosts[place].pausedUntil <= now else {
            schedule(place, at: hosts[place].pausedUntil)
            return false
        }
        if hosts[place].deadline <= now { return true }
        if !hosts[place].inbox.isEmpty || !hosts[place].errors.isEmpty { return true }
        if hosts[place].mustReload || hosts[place].mustPublish || !hosts[place].lies.isEmpty { return true }
        schedule(place, at: hosts[place].deadline)
        return false
    }

    /// One turn: read the clock, read what arrived, judge, act.
    mutating func turn(_ place: Int) {
        let instant = hosts[place].clock.reading(at: now)
        turnInstant = instant
        turns += 1
        lastVotes = []
        let seconds = hosts[place].wallSeconds(at: now)
        hosts[place].endpoint?.setWallClock(seconds: seconds)
        hosts[place].endpoint?.beginTurn(at: instant, into: &outbox)
        drain(place, at: instant)
        renew(place, at: instant)
        reload(place, at: instant)
        publish(place, at: instant)
        tellLies(of: place, at: instant)
        if let (deadline, events) = hosts[place].endpoint?.judge(at: instant, into: &outbox) {
            setDeadline(of: place, to: deadline)
            self.events[place] = events
        }
        finish(place, at: instant)
    }

    /// Has the next turn of a host begin at an instant of its own clock, or now if that is over.
    mutating func setDeadline(of place: Int, to instant: Instant) {
        hosts[place].deadline = max(hosts[place].clock.truth(of: instant), now)
    }

    /// Writes down what is used up, then sends; unless the process is killed meanwhile.
    private mutating func finish(_ place: Int, at instant: Instant) {
        keepNumbers(of: place, at: instant)
        if let moment = hosts[place].dying, !outbox.datagrams.isEmpty {
            if moment == .amongSends {
                sendAll(from: place, limit: outbox.datagrams.count / 2)
                lastVotes = askMonitor(of: place) { $0.opinions.map(\.subject) } ?? []
            }
            outbox.removeAll()
            return die(place)
        }
        sendAll(from: place)
        keepSnapshot(of: place, at: instant)
        reportUnsent(of: place, at: instant)
        schedule(place, at: hosts[place].deadline)
    }

    /// Begins a later incarnation in mid-flight when this one cannot continue, as the daemon does.
    private mutating func renew(_ place: Int, at instant: Instant) {
        guard let epoch = renewedEpoch(of: place, at: instant) else { return }
        let last = hosts[place].incarnations.count - 1
        hosts[place].incarnations[last].events = hosts[place].endpoint?.monitor.clock.counter ?? 0
        hosts[place].incarnations[last].ended = now
        hosts[place].storedEpoch = epoch
        hosts[place].incarnations.append(HostIncarnation(epoch: epoch, began: now))
        hosts[place].endpoint?.beginIncarnation(epoch, at: instant, into: &outbox)
    }

    /// The epoch of the incarnation that must begin; `nil` while this one may continue.
    private mutating func renewedEpoch(of place: Int, at instant: Instant) -> Epoch? {
        let seconds = hosts[place].wallSeconds(at: now)
        if let stale = hosts[place].endpoint?.staleIncarnation() {
            return Epoch.next(after: max(hosts[place].storedEpoch ?? stale, stale), wallClockSeconds: seconds)
        }
        let isPremature = hosts[place].endpoint?.isIncarnationPremature(at: instant) ?? false
        return isPremature ? Epoch(wallClockSeconds: seconds) : nil
    }

    private mutating func drain(_ place: Int, at instant: Instant) {
        let inbox = hosts[place].inbox
        hosts[place].inbox.removeAll(keepingCapacity: true)
        for arrival in inbox {
            read(arrival, at: place, instant: instant)
            pool.release(arrival.slot)
        }
        drainErrors(of: place, at: instant)
        let dropped = hosts[place].dropped
        guard dropped > 0 else { return }
        hosts[place].endpoint?.kernelDropped(dropped, at: instant, into: &outbox)
        hosts[place].dropped = 0
    }

    /// Hands one datagram over, and notes what became of it.
    private mutating func read(_ arrival: SimulatedHost.Arrival, at place: Int, instant: Instant) {
        let datagram = pool.slots[arrival.slot]
        let arrived = hosts[place].clock.reading(at: arrival.at)
        let sender = ids[datagram.from]
        let incarnation = hosts[place].incarnations.last?.epoch
        guard
            let effect = hosts[place].endpoint?.read(
                datagram, of: sender, arrived: arrived, at: instant, into: &outbox)
        else { return }
        deliveries.append(
            Delivery(
                from: datagram.from, epoch: datagram.epoch, isCorrupted: datagram.isCorrupted,
                sent: datagram.sent,
                isRepeated: datagram.believedIn == incarnation, knownEpoch: effect.knownEpoch,
                isBelieved: effect.isBelieved, events: effect.events))
        if effect.isBelieved { pool.slots[arrival.slot].believedIn = incarnation }
    }

    /// Wakes the loop of a host at `wanted`, or as much later as it is late, unless it wakes before.
    mutating func schedule(_ place: Int, at wanted: Instant) {
        guard wanted < .never else { return }
        let lag = hosts[place].lag
        let late = lag.upperBound > .zero ? wanted + random.within(lag) : wanted
        let at = max(late, hosts[place].pausedUntil)
        guard at < hosts[place].armed else { return }
        hosts[place].armed = at
        queue.push(Happening(at: at, .turn, place))
    }
}

extension Endpoint {
    /// Takes a datagram and says what it did.
    fileprivate mutating func read(
        _ datagram: DatagramUnderWay, of sender: HostID, arrived: Instant, at now: Instant,
        into outbox: inout Outbox
    ) -> (isBelieved: Bool, events: UInt64, knownEpoch: Epoch?) {
        let (accepted, counter, challenges) = (accepted, monitor.clock.counter, monitor.challenges)
        let knownEpoch = monitor.index(of: sender).flatMap { monitor.epoch(ofPeer: $0) }
        receive(
            datagram.bytes.span, from: World.address(of: datagram.from, number: datagram.source),
            arrived: arrived, at: now, into: &outbox)
        // Of an incarnation that does not show yet that it is running it only makes us ask.
        let isBelieved = self.accepted > accepted && monitor.challenges == challenges
        return (isBelieved, monitor.clock.counter - counter, knownEpoch)
    }

    /// The incarnation after which a new one must begin; mutating, so that nothing is copied to find out.
    fileprivate mutating func staleIncarnation() -> Epoch? { monitor.staleEpoch }

    /// Whether the present one is refused everywhere because its epoch lies in the future; mutating for the same reason.
    fileprivate mutating func isIncarnationPremature(at now: Instant) -> Bool {
        monitor.isIncarnationPremature(at: now)
    }

    /// Judges, and says when to come back, and how many events there were by now.
    fileprivate mutating func judge(at now: Instant, into outbox: inout Outbox) -> (Instant, UInt64) {
        wake(at: now, into: &outbox)
        return (nextWake, monitor.clock.counter)
    }
}
