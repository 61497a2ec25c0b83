package import FailureDetection
package import Records

/// One service as the configuration names it.
package struct ServiceSettings: Sendable, Hashable {
    /// Its name, unique on this host.
    package var name: ServiceName
    /// How long it may make no call of `Alive`; `nil` when it makes none.
    package var hungAfter: TimeSpan?
    /// Its unit: what is known of one is not true of another.
    package var unit: String

    /// Names a service.
    package init(name: ServiceName, unit: String = "", hungAfter: TimeSpan? = nil) {
        self.name = name
        self.unit = unit
        self.hungAfter = hungAfter
    }
}

/// What has become of one service.
package enum ServiceNews: Sendable, Hashable {
    /// Its status has changed.
    case changed(ServiceName, ServiceChange)
    /// It is no longer configured.
    case gone(ServiceName)
}

/// The services of this host.
///
/// Invariant: names ascend, and there are at most `RecordStore.maximumServices`.
package struct ServiceBook: Sendable {
    private struct Entry: Sendable {
        var settings: ServiceSettings
        var watch: ServiceWatch
    }

    private var entries: [Entry] = []

    /// A book without services.
    package init() {}

    /// The names, ascending.
    package var names: [ServiceName] { entries.map(\.settings.name) }

    /// The watch of a service; `nil` if it is not configured.
    package func watch(of name: ServiceName) -> ServiceWatch? { index(of: name).map { entries[$0].watch } }

    /// Takes the services that the configuration names: of more than 32 the first, of two with one name the first.
    ///
    /// - Parameters:
    ///   - settings: the services, in any order.
    ///   - memory: what the process before knew of them.
    ///   - now: the present instant.
    /// - Returns: those that are gone, and what another time limit has changed.
    package mutating func configure(
        _ settings: [ServiceSettings], memory: [(name: ServiceName, memory: ServiceMemory)] = [],
        at now: Instant
    ) -> [ServiceNews] {
        let former = entries
        var changes: [ServiceNews] = []
        entries = []
        for service in settings.prefix(RecordStore.maximumServices) {
            let index = position(of: service.name)
            guard index == entries.count || entries[index].settings.name != service.name else { continue }
            let remembered = memory.first { $0.name == service.name }?.memory
            let fresh = Entry(
                settings: service,
                watch: ServiceWatch(hungAfter: service.hungAfter, memory: remembered, at: now))
            var entry =
                former.first {
                    $0.settings.name == service.name && $0.settings.unit == service.unit
                } ?? fresh
            if entry.settings != service, let change = entry.watch.setHungAfter(service.hungAfter, at: now) {
                changes.append(.changed(service.name, change))
            }
            entry.settings = service
            entries.insert(entry, at: index)
        }
        assert(violatedInvariant == nil, violatedInvariant ?? "")
        return former.map(\.settings.name).filter { index(of: $0) == nil }.map { .gone($0) } + changes
    }

    /// Takes what was learnt of a service; of one that is not configured nothing follows.
    package mutating func handle(_ input: ServiceInput, of name: ServiceName, at now: Instant)
        -> [ServiceNews]
    {
        guard let index = index(of: name) else { return [] }
        return entries[index].watch.handle(input, at: now).map { [.changed(name, $0)] } ?? []
    }

    /// Takes what concerns all services: that this daemon was paused, or that the manager can or cannot be asked.
    package mutating func handleForAll(_ input: ServiceInput, at now: Instant) -> [ServiceNews] {
        names.flatMap { handle(input, of: $0, at: now) }
    }

    /// Derives the states whose deadlines have come.
    package mutating func wake(at now: Instant) -> [ServiceNews] {
        entries.indices.flatMap { index -> [ServiceNews] in
            guard entries[index].watch.nextDeadline <= now, let change = entries[index].watch.wake(at: now)
            else { return [] }
            return [.changed(entries[index].settings.name, change)]
        }
    }

    /// When a state has to be derived anew; never if only news can change one.
    package var nextDeadline: Instant { entries.map(\.watch.nextDeadline).min() ?? .never }

    /// What the next process has to know.
    package var memory: [(name: ServiceName, memory: ServiceMemory)] {
        entries.map { ($0.settings.name, $0.watch.memory) }
    }

    private func position(of name: ServiceName) -> Int {
        entries.firstIndex { $0.settings.name >= name } ?? entries.count
    }

    private func index(of name: ServiceName) -> Int? { entries.firstIndex { $0.settings.name == name } }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        if entries.count > RecordStore.maximumServices { return "\(entries.count) services" }
        return zip(names, names.dropFirst()).allSatisfy { $0 < $1 } ? nil : "services out of order"
    }
}
