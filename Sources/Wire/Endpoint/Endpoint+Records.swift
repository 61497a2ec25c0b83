package import CausalClock
package import FailureDetection
package import Records

/// What this host writes of itself, and what it knows of all hosts.
extension Endpoint {
    /// The records that are held of all hosts.
    package var records: RecordStore { exchange.store }

    /// When to wake the endpoint next; never where only a message can change anything.
    package var nextWake: Instant { min(monitor.nextDeadline?.instant ?? .never, recordDeadline) }

    /// How many records wait because their authors change them too often.
    package var waitingRecords: Int { exchange.gate.waiting.count }

    /// The neighbours whose stores stay different from ours whatever is exchanged, ascending: their configuration names
    /// other members.
    package var unequalNeighbours: [HostID] { exchange.schedule.fruitless }

    /// Takes which services this host watches.
    ///
    /// Those that were published before and are missing now are withdrawn.
    package mutating func setServices(
        _ names: [ServiceName], at now: Instant, into outbox: inout Outbox
    ) {
        ownServices = names
        for (name, _, _) in exchange.store.services(of: monitor.id) where !names.contains(name) {
            withdraw(name, at: now, into: &outbox)
        }
    }

    /// Holds back what is published until all services are published that `setServices` names, one has failed, or an
    /// instant has come.
    package mutating func holdRecords(until end: Instant) { hold = RecordHold(until: end) }

    /// Publishes what was held back, when it is time to.
    mutating func releaseHold(at now: Instant, into outbox: inout Outbox) {
        guard let held = hold, held.until <= now || held.isComplete(with: ownServices) else { return }
        hold = nil
        for body in held.bodies { publish(body, at: now, into: &outbox) }
    }

    /// Publishes what a service of this host does; what is published already is not published again.
    package mutating func publish(
        _ report: ServiceFacts, of service: ServiceName, at now: Instant, into outbox: inout Outbox
    ) {
        publish(.service(service, report), at: now, into: &outbox)
    }

    /// Publishes that a service is watched no longer.
    ///
    /// Its record is kept among the latest of this host's services, of which there are as many as are watched at most; so
    /// when they are all taken the others are published again, or the one that has not changed for longest would be
    /// dropped.
    package mutating func withdraw(
        _ service: ServiceName, at now: Instant, into outbox: inout Outbox
    ) {
        publish(.service(service, .gone), at: now, into: &outbox)
        let own = exchange.store.records(of: monitor.id).filter { $0.key.kind == .service }
        guard own.count >= RecordStore.maximumServices else { return }
        for record in own where record.service?.isGone == false {
            publish(record.body, isAgain: true, at: now, into: &outbox)
        }
    }

    /// Publishes what this host says of itself.
    package mutating func publish(
        _ facts: MemberFacts, at now: Instant, into outbox: inout Outbox
    ) {
        publish(.member(facts), at: now, into: &outbox)
    }

    /// Writes a record of this host's own, unless it says what the present one says.
    mutating func publish(
        _ body: Record.Body, isOverride: Bool = false, isAgain: Bool = false, at now: Instant,
        into outbox: inout Outbox
    ) {
        let key = Record(body, at: monitor.clock.dot).key
        if hold != nil, !isOverride {
            hold?.put(body, of: key)
            return
        }
        guard isOverride || isAgain || exchange.own(key) != body else { return }
        handle(.recording, at: now, answering: nil, into: &outbox)
        let record = Record(body, at: monitor.clock.dot)
        let events = exchange.publish(record, isOverride: isOverride, at: now)
        act(on: events, from: nil, at: now, into: &outbox)
    }

    /// Writes all records of this host's own again, in an incarnation that has just begun; its view is written by
    /// `publishView`, for its suspicions are of later events now.
    mutating func publishAgain(_ own: [Record.Body], at now: Instant, into outbox: inout Outbox) {
        exchange.spread.beginIncarnation()
        for body in own {
            if case .service(_, let report) = body, report.isGone { continue }
            if case .view = body { continue }
            publish(body, isOverride: true, at: now, into: &outbox)
        }
    }

    /// Takes the peers for the members of the cluster, and for neighbours.
    mutating func setRecordMembers() {
        let peers = (0..<monitor.count).map { monitor.id(ofPeer: $0) }
        exchange.setMembers(peers + [monitor.id], neighbours: peers)
    }

    /// What a record is judged by.
    var mergeContext: MergeContext {
        MergeContext(latestCredible: monitor.latestCredibleEpoch, own: monitor.clock.dot)
    }

    /// Does what follows from records.
    mutating func act(
        on events: [RecordEvent], from source: Int?, at now: Instant, into outbox: inout Outbox
    ) {
        for event in events {
            switch event {
            case .changed(let record, let replaced):
                let host = source.map { monitor.id(ofPeer: $0) }
                outbox.append(
                    Outbox.RecordNews(record: record, replaced: replaced, at: now, source: host))
            case .conflict(let host): outbox.append(conflictOf: host)
            case .overridden(let record): override(record, by: source, at: now, into: &outbox)
            }
        }
    }

    /// Overrides a record in this host's name that it did not write.
    ///
    /// Where that is of an event which this incarnation has not had, only a later incarnation can: its beginning
    /// publishes all again.
    private mutating func override(
        _ record: Record, by source: Int?, at now: Instant, into outbox: inout Outbox
    ) {
        guard !monitor.clock.dot.precedes(record.dot) else {
            if let source { handle(.claimed(record.dot, by: source), at: now, answering: nil, into: &outbox) }
            return
        }
        guard let body = ownBody(of: record.key) ?? substitute(for: record) else { return }
        publish(body, isOverride: true, at: now, into: &outbox)
    }

    /// What this host's own record of a key says, also while it waits or is held back; `nil` if there is none.
    func ownBody(of key: RecordKey) -> Record.Body? { exchange.own(key) ?? hold?.body(of: key) }

    /// What is said in the stead of a record of which this host has none; `nil` if that follows soon.
    private func substitute(for record: Record) -> Record.Body? {
        switch record.body {
        case .view: .view(View())
        case .member: .member(MemberFacts())
        case .service(let name, _): ownServices?.contains(name) ?? true ? nil : .service(name, .gone)
        case .removed: nil
        }
    }
}
