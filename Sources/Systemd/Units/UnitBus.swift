internal import CSystemd
internal import Glibc

/// What the service manager reports of a few units, over the system bus.
///
/// Calls block for as long as the manager takes, a quarter of a second while it reads its units again: to be used in a
/// thread of its own. Only the units that are watched are listened to, so that changes of others cost nothing here. A
/// signal counts if the service manager has sent it: every local user may send signals.
package final class UnitBus {
    /// How many messages are taken in one call of `process`.
    private static let batch = 64
    private static let callTimeout: UInt64 = 5_000_000

    private static let manager = "org.freedesktop.systemd1"
    private static let managerPath = "/org/freedesktop/systemd1"
    private static let managerInterface = "org.freedesktop.systemd1.Manager"
    private static let unitInterface = "org.freedesktop.systemd1.Unit"
    private static let jobInterface = "org.freedesktop.systemd1.Job"
    private static let serviceInterface = "org.freedesktop.systemd1.Service"
    private static let properties = "org.freedesktop.DBus.Properties"
    private static let bus = "org.freedesktop.DBus"

    private let connection: OpaquePointer
    private var owner = ""
    private var ledger = UnitLedger()
    /// Whether nothing can wait in the queue of the connection: a call takes what comes before its answer out of the
    /// descriptor, which then shows nothing of it.
    package private(set) var isDrained = false

    /// Connects, and subscribes to the service manager.
    ///
    /// - Throws: `UnitBusError` when there is no bus, or it does not know this user.
    package init() throws(UnitBusError) {
        var opened: OpaquePointer?
        let status = sd_bus_open_system(&opened)
        guard status >= 0, let opened else { throw UnitBusError(call: "open the system bus", code: -status) }
        connection = opened
        _ = sd_bus_set_method_call_timeout(connection, Self.callTimeout)
        try subscribe()
    }

    deinit { sd_bus_flush_close_unref(connection) }

    /// The number of its descriptor, for `poll`.
    package var raw: CInt { sd_bus_get_fd(connection) }

    /// What `poll` has to wait for.
    package var interest: Int16 { Int16(truncatingIfNeeded: max(sd_bus_get_events(connection), 0)) }

    private func subscribe() throws(UnitBusError) {
        try match("type='signal',sender='\(Self.bus)',member='NameOwnerChanged',arg0='\(Self.manager)'")
        try match(
            "type='signal',sender='\(Self.manager)',interface='\(Self.managerInterface)',member='Reloading'")
        _ = try call(Self.manager, Self.managerPath, Self.managerInterface, "Subscribe")
        owner =
            try call(Self.bus, "/org/freedesktop/DBus", Self.bus, "GetNameOwner", Self.manager)?.string()
            ?? ""
    }

    private func match(_ rule: String) throws(UnitBusError) {
        _ = try call(Self.bus, "/org/freedesktop/DBus", Self.bus, "AddMatch", rule)
    }

    /// The object path of a unit that is loaded; `nil` when it is not.
    ///
    /// It loads nothing.
    /// - Throws: `UnitBusError` when the manager does not answer.
    package func path(of unit: String) throws(UnitBusError) -> String? {
        try call(
            Self.manager, Self.managerPath, Self.managerInterface, "GetUnit", unit, missing: ".NoSuchUnit")?
            .string("o")
    }

    /// The state of a unit's file, such as `enabled` or `masked`; `nil` when there is none.
    ///
    /// - Throws: `UnitBusError` when the manager does not answer.
    package func fileState(of unit: String) throws(UnitBusError) -> String? {
        try call(
            Self.manager, Self.managerPath, Self.managerInterface, "GetUnitFileState", unit,
            missing: "FileNotFound")?.string()
    }

    /// Listens to the unit at a path, and reads all that is known of it.
    ///
    /// `process` announces it, after what the manager has sent before.
    /// - Throws: `UnitBusError` when the manager does not answer.
    package func watch(_ path: String) throws(UnitBusError) {
        try listen(to: path)
        guard let reply = try properties(of: path), let read = facts(in: reply) else { return }
        ledger.add(read, of: path, serial: reply.serial)
    }

    /// What the manager says of the unit at a path now; nothing is kept of it.
    ///
    /// - Throws: `UnitBusError` when the manager does not answer.
    package func read(_ path: String) throws(UnitBusError) -> UnitFacts? {
        guard let reply = try properties(of: path) else { return nil }
        return facts(in: reply)
    }

    /// The properties of all interfaces, in one message: they are of one moment.
    private func properties(of path: String) throws(UnitBusError) -> BusMessage? {
        try call(Self.manager, path, Self.properties, "GetAll", "")
    }

    private func facts(in reply: borrowing BusMessage) -> UnitFacts? {
        var read = UnitFacts()
        return reply.readProperties(into: &read) ? read : nil
    }

    /// The same facts with the type of the job.
    ///
    /// One that is done by the time it is asked for has no type any more.
    private func withJobType(_ facts: UnitFacts, after former: UnitFacts?) -> UnitFacts {
        var facts = facts
        if facts.job == 0 {
            facts.jobType = ""
        } else if facts.job == former?.job {
            facts.jobType = former?.jobType ?? ""
        } else {
            facts.jobType = property("JobType", of: Self.jobInterface, at: facts.jobPath) ?? ""
        }
        return facts
    }

    /// Listens to the unit at a path, which may not be loaded yet.
    ///
    /// - Throws: `UnitBusError` when the bus does not answer.
    package func listen(to path: String) throws(UnitBusError) {
        guard ledger[path] == nil else { return }
        try match(Self.rule(for: path))
        ledger[path] = UnitFacts()
    }

    /// Listens to no other units than those at these paths any more.
    package func keep(_ paths: Set<String>) {
        for path in ledger.paths where !paths.contains(path) {
            ledger[path] = nil
            // A connection that is lost is noticed when it is read from.
            _ = try? call(Self.bus, "/org/freedesktop/DBus", Self.bus, "RemoveMatch", Self.rule(for: path))
        }
    }

    private static func rule(for path: String) -> String {
        "type='signal',sender='\(manager)',interface='\(properties)',member='PropertiesChanged',path='\(path)'"
    }

    /// The object path that a unit of that name has: letters and digits stay, other bytes become `_` and two digits.
    package static func path(forName unit: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let escaped = unit.utf8.flatMap { byte -> [UInt8] in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain
                ? [byte] : [UInt8(ascii: "_"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "\(managerPath)/unit/" + String(decoding: escaped, as: UTF8.self)
    }

    /// What is known of the unit at a path.
    package func facts(at path: String) -> UnitFacts? { ledger[path] }

    /// One property of the service at a path, a string; `nil` when it cannot be read.
    package func serviceProperty(_ name: String, at path: String) -> String? {
        property(name, of: Self.serviceInterface, at: path)
    }

    /// One property of the unit at a path, a string; `nil` when it cannot be read.
    package func unitProperty(_ name: String, at path: String) -> String? {
        property(name, of: Self.unitInterface, at: path)
    }

    private func property(_ name: String, of interface: String, at path: String) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        isDrained = false
        let status = sd_bus_get_property_string(connection, Self.manager, path, interface, name, nil, &text)
        guard status >= 0, let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Takes what has arrived, without waiting.
    ///
    /// - Throws: `UnitBusError` when the connection is lost; then it is of no use any more.
    /// - Returns: what was announced, in order; of more messages than can be taken in one go the rest comes next.
    package func process() throws(UnitBusError) -> [UnitBusEvent] {
        var events: [UnitBusEvent] = []
        isDrained = false
        for _ in 0..<Self.batch {
            var raw: OpaquePointer?
            let status = sd_bus_process(connection, &raw)
            guard status >= 0 else { throw UnitBusError(call: "read from the system bus", code: -status) }
            guard status > 0 else {
                isDrained = true
                return events + takeSnapshots(before: .max)
            }
            guard let raw else { continue }
            events += self.events(in: BusMessage(owning: raw))
        }
        return events
    }

    private func takeSnapshots(before serial: UInt64) -> [UnitBusEvent] {
        ledger.takeSnapshots(before: serial).compactMap { path, read in
            guard let former = ledger[path] else { return nil }
            let facts = withJobType(read, after: former)
            ledger[path] = facts
            return .changed(path: path, facts)
        }
    }

    private func events(in message: consuming BusMessage) -> [UnitBusEvent] {
        if message.sender == Self.bus { return ownerEvent(in: message).map { [$0] } ?? [] }
        guard message.sender == owner else { return [] }
        let earlier = takeSnapshots(before: message.serial)
        if message.isSignal("Reloading", of: Self.managerInterface) {
            return earlier + (message.flag().map { [.reloading($0)] } ?? [])
        }
        return earlier + (change(in: message).map { [$0] } ?? [])
    }

    private func change(in message: borrowing BusMessage) -> UnitBusEvent? {
        let path = message.path
        guard message.isSignal("PropertiesChanged", of: Self.properties), let former = ledger[path],
            let interface = message.string()
        else { return nil }
        var known = former
        _ = message.readProperties(into: &known)
        // The message of the service comes first, then that of the unit: they are one change.
        let isComplete = interface == Self.unitInterface
        if isComplete {
            known = withJobType(known, after: former)
            // What never changes is in no signal; all else is left as of this one, for later ones follow.
            if known.type.isEmpty {
                known.type = property("Type", of: Self.serviceInterface, at: path) ?? ""
            }
        }
        ledger[path] = known
        return isComplete ? .changed(path: path, known) : nil
    }

    private func ownerEvent(in message: borrowing BusMessage) -> UnitBusEvent? {
        guard message.isSignal("NameOwnerChanged", of: Self.bus), message.string() == Self.manager,
            message.string() != nil, let next = message.string()
        else { return nil }
        owner = next
        // Another process counts its messages anew.
        ledger.dropSnapshots()
        return .replaced
    }

    /// Calls a method with one string, or nothing; no answer with the error whose name ends in `missing` is `nil`.
    private func call(
        _ destination: String, _ path: String, _ interface: String, _ method: String,
        _ argument: String? = nil,
        missing: String? = nil
    ) throws(UnitBusError) -> BusMessage? {
        var raw: OpaquePointer?
        guard sd_bus_message_new_method_call(connection, &raw, destination, path, interface, method) >= 0,
            let raw
        else { throw UnitBusError(call: method, code: ENOMEM) }
        let message = BusMessage(owning: raw)
        if let argument {
            _ = argument.withCString {
                sd_bus_message_append_basic(message.raw, CChar(UInt8(ascii: "s")), $0)
            }
        }
        var failure = sd_bus_error()
        defer { sd_bus_error_free(&failure) }
        var reply: OpaquePointer?
        isDrained = false
        let status = sd_bus_call(connection, message.raw, 0, &failure, &reply)
        if status >= 0, let reply { return BusMessage(owning: reply) }
        let name = failure.name.map { String(cString: $0) } ?? ""
        if let missing, name.hasSuffix(missing) || status == -ENOENT { return nil }
        throw UnitBusError(
            call: method, code: -status, answer: failure.message.map { String(cString: $0) } ?? "",
            isRefusal: sd_bus_is_open(connection) > 0 && UnitBusError.isAnswer(name))
    }
}
