/// All `[[service]]` tables together.
struct ServiceList {
    /// How many pairs of a host and a service are compared for advice: beyond it a check would take seconds.
    private static let comparisons = 1 << 18

    private let entries: [ServiceEntry]
    private let node: String
    private let members: [String]
    /// Whether there are more tables than are read.
    private let isCut: Bool

    /// Reads the tables, and records what they have in common but must not.
    ///
    /// - Parameters:
    ///   - tables: the tables in the order of the files.
    ///   - node: our own id.
    ///   - members: the ids of all `[[peer]]` tables.
    ///   - diagnostics: takes what is wrong.
    init(_ tables: [TableReader], node: String, members: [String], _ diagnostics: inout Diagnostics) {
        entries = tables.prefix(Limits.maximumServiceTables).map { ServiceEntry($0, &diagnostics) }
        self.node = node
        self.members = members
        isCut = tables.count > Limits.maximumServiceTables
        if isCut {
            diagnostics.error(
                "service", at: tables[Limits.maximumServiceTables].location,
                "there are \(tables.count) services", "write at most \(Limits.maximumServiceTables)")
        }
        for clash in clashes(on: node) {
            diagnostics.error(clash.key, at: clash.location, clash.problem, clash.remedy)
        }
    }

    /// The services of this host; meaningful only if no error was recorded.
    var settings: [LocalService] {
        var services: [LocalService] = []
        for entry in entries where entry.isFor(node) {
            guard let name = entry.name?.value, let unit = entry.unit?.value else { continue }
            services.append(LocalService(name: name, unit: unit, hungAfter: entry.hungAfter?.value))
        }
        return services.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The services of the other members that are named by patterns; nothing where there are too many to compare.
    ///
    /// Without patterns a file may well be that of one host, and say nothing of what others run.
    var elsewhere: [String: [String]] {
        guard members.count * entries.count <= Self.comparisons else { return [:] }
        var services: [String: [String]] = [:]
        for member in members where member != node {
            let names = Set(
                entries.filter { $0.hosts != nil && $0.isFor(member) }.compactMap { $0.name?.value })
            if !names.isEmpty { services[member] = names.sorted() }
        }
        return services
    }

    /// Records what is allowed, but probably not meant: what other hosts would refuse, and patterns that match no host.
    func recordAdvice(_ diagnostics: inout Diagnostics) {
        guard members.count * entries.count <= Self.comparisons else { return }
        // What is an error of this host is said already.
        var reported = Set(clashes(on: node).map(\.location))
        for member in members where member != node {
            for clash in clashes(on: member) where reported.insert(clash.location).inserted {
                diagnostics.warning(
                    clash.key, at: clash.location, "on host \"\(member)\": \(clash.problem)", clash.remedy)
            }
        }
        for unit in entries.compactMap(\.unit) where unit.value == "suspectd.service" {
            diagnostics.warning(
                "service", at: unit.location,
                "the unit is the daemon's own, which cannot report that it is down",
                "remove it: when the daemon has ended the other hosts suspect this one")
        }
        let hosts = Set(members + [node])
        for entry in entries {
            for pattern in entry.hosts ?? []
            where !hosts.contains(where: { HostPattern.matches(pattern.value, $0) }) {
                diagnostics.warning(
                    "\(entry.label).hosts", at: pattern.location, "\(quoted(pattern.value)) matches no host",
                    "compare it with the ids of the [[peer]] tables")
            }
        }
    }

    /// One thing wrong with the services of a host together.
    private struct Clash {
        let key: String
        let location: Location
        let problem: String
        let remedy: String
    }

    private func clashes(on host: String) -> [Clash] {
        let own = entries.filter { $0.isFor(host) }
        var taken = TakenNames()
        return own.compactMap { taken.clash(with: $0) } + excess(of: own)
    }

    /// The names and units that the services of one host have so far.
    private struct TakenNames {
        private var names: [String: Location] = [:]
        private var units: [String: (name: String, location: Location)] = [:]

        /// What the next service has in common with one before it.
        mutating func clash(with entry: ServiceEntry) -> Clash? {
            if let name = entry.name, let first = names.updateValue(name.location, forKey: name.value) {
                return Clash(
                    key: "\(entry.label).name", location: name.location,
                    problem: "is already used at \(first)",
                    remedy: "give every service of a host a name of its own, or the two different hosts")
            }
            guard let unit = entry.unit,
                let first = units.updateValue((entry.label, unit.location), forKey: unit.value)
            else { return nil }
            return Clash(
                key: "\(entry.label).unit", location: unit.location,
                problem: "\(quoted(unit.value)) is already the unit of \(first.name) at \(first.location)",
                remedy: "name each unit once")
        }
    }

    /// More services than a host may have; where not all are read there is an error already, and their number is not known.
    private func excess(of entries: [ServiceEntry]) -> [Clash] {
        guard entries.count > Limits.maximumServices, !isCut else { return [] }
        return [
            Clash(
                key: "service", location: entries[Limits.maximumServices].location,
                problem: "a host has \(entries.count) services",
                remedy: "observe at most \(Limits.maximumServices) on one host, or give them hosts")
        ]
    }
}
