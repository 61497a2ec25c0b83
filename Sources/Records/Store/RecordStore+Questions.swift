package import CausalClock

/// What the records say.
extension RecordStore {
    /// The record of a key that is held.
    package func record(_ key: RecordKey) -> Record? {
        index(of: key.host).flatMap { authors[$0].stored(key)?.record }
    }

    /// The version of a key that is held.
    package func version(of key: RecordKey) -> RecordVersion? {
        index(of: key.host).flatMap { authors[$0].stored(key)?.version }
    }

    /// The host whose hashed id is `place`; `nil` if nothing is held of it and it is no member.
    package func host(hashed place: UInt64) -> HostID? {
        authors(from: place).first.flatMap { $0.place == place ? $0.host : nil }
    }

    /// The length of the encoded record of a key, in bytes; `nil` when none is held.
    package func length(of key: RecordKey) -> Int? {
        index(of: key.host).flatMap { authors[$0].stored(key)?.length }
    }

    /// The latest incarnation of a host that is removed; `nil` for none.
    package func removedThrough(_ host: HostID) -> Epoch? {
        index(of: host).flatMap { authors[$0].removal?.record.epoch }
    }

    /// The latest incarnation of which a host wrote a record that is held; `nil` for none.
    package func incarnation(of host: HostID) -> Epoch? {
        index(of: host).map { authors[$0].incarnation }.flatMap { $0.value > 0 ? $0 : nil }
    }

    /// What the services of a host do, ascending by name; those that are gone are not among them.
    package func services(of host: HostID) -> [(name: ServiceName, report: ServiceFacts, dot: Dot)] {
        guard let index = index(of: host) else { return [] }
        return authors[index].services.compactMap { stored in
            guard let name = stored.name, let report = stored.record.service, !report.isGone else {
                return nil
            }
            return (name, report, stored.record.dot)
        }
    }

    /// What `observer` reports about `subject`; `nil` if it does not suspect it, or only in a removed incarnation.
    package func report(by observer: HostID, about subject: HostID) -> SuspicionReport? {
        guard let index = index(of: observer), let view = authors[index].view?.record.view,
            let report = view.report(about: hash.of(host: subject))
        else { return nil }
        if let removed = removedThrough(subject), report.epoch <= removed { return nil }
        return report
    }

    /// Whether `subject` has answered what `observer` reports about it: it acted after that report.
    package func isAnswered(_ report: SuspicionReport, by observer: HostID, about subject: HostID) -> Bool {
        guard let epoch = self.index(of: observer).flatMap({ authors[$0].view?.record.epoch }),
            let facts = self.index(of: subject).flatMap({ authors[$0].member?.record.member })
        else { return false }
        return facts.answers(observer: hash.of(host: observer), epoch: epoch, counter: report.counter)
    }

    /// Whether a member record answers a report that is held, and that none answered before: it must not wait.
    ///
    /// One that leaves out an answer to a report that is still held is no better than any other change: a liar could go
    /// back and forth between two answers without end.
    package func answersNews(_ record: Record) -> Bool {
        guard let facts = record.member, let index = index(of: record.host) else { return false }
        let place = authors[index].place
        let known = authors[index].member?.record.member?.answers ?? []
        return facts.answers.contains { !known.contains($0) && isHeld($0, about: place) }
            && known.allSatisfy { facts.answers.contains($0) || !isHeld($0, about: place) }
    }

    /// Whether the report is held that an answer names, about the host whose hashed id is `place`.
    private func isHeld(_ answer: Answer, about place: UInt64) -> Bool {
        guard let observer = authors(from: answer.observer).first, observer.place == answer.observer,
            let view = observer.view?.record, view.epoch == answer.epoch
        else { return false }
        return view.view?.report(about: place)?.counter == answer.counter
    }

    /// All records of one host, by key.
    package func records(of host: HostID) -> [Record] {
        guard let index = index(of: host) else { return [] }
        return RecordSection.allCases.flatMap { authors[index].records($0).map(\.record) }
    }

    /// All records of a section, in the order of the hashes of their authors' ids, and by key.
    package func records(_ section: RecordSection) -> [Record] {
        authors.flatMap { $0.records(section).map(\.record) }
    }

    /// The authors whose hashed id is `place` or more.
    func authors(from place: UInt64) -> ArraySlice<AuthorRecords> {
        authors[authors.partitioningIndex { $0.place >= place }...]
    }
}

extension RecordStore {
    /// What is held of a key, with its version and length.
    func stored(_ key: RecordKey) -> StoredRecord? { index(of: key.host).flatMap { authors[$0].stored(key) } }
}
