package import CausalClock
package import FailureDetection
internal import Wire

/// What can be done to a world.
extension World {
    /// Starts a host that does not run: its epoch follows from what was stored and from its wall clock.
    package mutating func start(_ place: Int) {
        guard !hosts[place].isUp else { return }
        let host = hosts[place]
        let epoch = Epoch.next(
            after: host.storedEpoch, wallClockSeconds: host.wallSeconds(at: now))
        begin(place, epoch: epoch)
    }

    /// Starts a host in a given incarnation.
    package mutating func begin(_ place: Int, epoch: Epoch) {
        let monitor = Monitor(
            id: hosts[place].id, epoch: epoch, peers: hosts[place].settings, seed: nextNonceSeed(),
            at: hosts[place].clock.reading(at: now))
        hosts[place].storedEpoch = epoch
        hosts[place].incarnations.append(HostIncarnation(epoch: epoch, began: now))
        if hosts[place].memory != nil { hosts[place].memory = HostMemory() }
        run(place, with: monitor)
    }

    /// Starts the process of a host around its detector.
    mutating func run(_ place: Int, with detector: consuming Monitor) {
        detector.requiresFreshness = hasKey
        detector.quorum = hosts[place].quorum
        hosts[place].endpoint = Endpoint(detector)
        hosts[place].isUp = true
        hosts[place].isSocketKept = false
        hosts[place].mustReload = false
        hosts[place].mustPublish = true
        hosts[place].dying = nil
        hosts[place].starts += 1
        hosts[place].pausedUntil = max(now, hosts[place].frozenUntil)
        hosts[place].armed = .never
        hosts[place].deadline = now
        lookUpAll(place)
        schedule(place, at: now)
    }

    /// Ends the incarnation of a host without a word.
    ///
    /// - Parameters:
    ///   - place: the host.
    ///   - refuses: whether its kernel keeps running and refuses datagrams.
    package mutating func crash(_ place: Int, refuses: Bool) {
        guard hosts[place].isUp || hosts[place].isSocketKept,
            let last = hosts[place].incarnations.indices.last
        else { return }
        hosts[place].incarnations[last].events = events[place]
        hosts[place].endpoint = nil
        (hosts[place].isUp, hosts[place].isSocketKept, hosts[place].dying) = (false, false, nil)
        hosts[place].refuses = refuses
        hosts[place].incarnations[last].ended = now
        hosts[place].dropped = 0
        hosts[place].errors.removeAll(keepingCapacity: true)
        for arrival in hosts[place].inbox { pool.release(arrival.slot) }
        hosts[place].inbox.removeAll(keepingCapacity: true)
    }

    /// Stops a host as planned: it says goodbye.
    package mutating func leave(_ place: Int) {
        guard hosts[place].isUp, let last = hosts[place].incarnations.indices.last else { return }
        outbox.removeAll()
        let reading = hosts[place].clock.reading(at: now)
        hosts[place].endpoint?.leave(at: reading, into: &outbox)
        events[place] = hosts[place].endpoint?.monitor.clock.counter ?? 0
        sendAll(from: place)
        outbox.removeAll()
        hosts[place].incarnations[last].left = true
        crash(place, refuses: true)
    }

    /// Loses what a host had stored.
    package mutating func loseState(of place: Int) { hosts[place].storedEpoch = nil }

    /// Stops the loop of a host for a while; its kernel continues receiving.
    package mutating func pause(_ place: Int, for span: TimeSpan) {
        hosts[place].pausedUntil = max(hosts[place].pausedUntil, now + span)
        guard hosts[place].isUp else { return }
        hosts[place].armed = .never
        schedule(place, at: now)
    }

    /// Changes what the direction from one host to another does.
    package mutating func setLink(_ model: LinkModel, from: Int, to: Int) {
        links.setModel(model, from: from, to: to)
    }

    /// Lets nothing pass from one host to another; cuts add up.
    package mutating func cut(from: Int, to: Int) { links.cut(from: from, to: to) }

    /// Takes one cut back.
    package mutating func mend(from: Int, to: Int) { links.mend(from: from, to: to) }

    /// Sets the wall clock of a host; no deadline may depend on it.
    package mutating func moveWallClock(of place: Int, by seconds: Int64) {
        hosts[place].wallOrigin += seconds
    }
}
