internal import CSystemd
internal import Glibc

/// What the service manager is doing with the unit that this process belongs to.
///
/// A stop by `systemctl restart` begins with the same signal as one for good. The manager knows which it is: while a
/// restart stops the unit, the unit's job is of type "restart".
package enum ServiceJob: Sendable {
    /// No restart, and no reboot: the unit is stopped for good, or ended on its own.
    case stop
    /// The unit is being restarted.
    case restart
    /// The host is being rebooted, and the unit starts again with it.
    case reboot

    /// What the targets of a reboot are called.
    private static let rebootTargets = ["reboot.target", "kexec.target", "soft-reboot.target"]

    /// What the manager is doing now; `nil` when there is no manager, no message bus, or no answer.
    ///
    /// Asks over the system bus, and may block for as long as the bus takes.
    package static func present() -> ServiceJob? {
        var bus: OpaquePointer?
        guard sd_bus_open_system(&bus) >= 0, let bus else { return nil }
        defer { sd_bus_flush_close_unref(bus) }
        _ = sd_bus_set_method_call_timeout(bus, 1_000_000)
        let own = ownUnit(bus)
        if let own, let job = path(ofJobOf: own, bus), type(ofJob: job, bus) == "restart" { return .restart }
        let isReboot = rebootTargets.contains { target in
            let unit = unit("GetUnit", bus) { call in
                target.withCString { sd_bus_message_append_basic(call, CChar(UInt8(ascii: "s")), $0) }
            }
            return unit.flatMap { path(ofJobOf: $0, bus) } != nil
        }
        return isReboot ? .reboot : own.map { _ in .stop }
    }

    /// The object of the unit that this process belongs to.
    private static func ownUnit(_ bus: OpaquePointer) -> String? {
        // 0 stands for the caller.
        var caller: UInt32 = 0
        return unit("GetUnitByPID", bus) {
            sd_bus_message_append_basic($0, CChar(UInt8(ascii: "u")), &caller)
        }
    }

    /// The object of a unit, by a method of the manager that takes one argument; `nil` when there is none.
    private static func unit(
        _ method: String, _ bus: OpaquePointer, appending append: (OpaquePointer) -> CInt
    ) -> String? {
        var call: OpaquePointer?
        guard
            sd_bus_message_new_method_call(
                bus, &call, manager, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
                method) >= 0, let call
        else { return nil }
        defer { sd_bus_message_unref(call) }
        guard append(call) >= 0 else { return nil }
        var reply: OpaquePointer?
        guard sd_bus_call(bus, call, 0, nil, &reply) >= 0, let reply else { return nil }
        defer { sd_bus_message_unref(reply) }
        var path: UnsafePointer<CChar>?
        guard sd_bus_message_read_basic(reply, CChar(UInt8(ascii: "o")), &path) > 0 else { return nil }
        return path.map { String(cString: $0) }
    }

    /// The object of a unit's job; `nil` when it has none.
    private static func path(ofJobOf unit: String, _ bus: OpaquePointer) -> String? {
        var reply: OpaquePointer?
        let result = sd_bus_get_property(
            bus, manager, unit, "org.freedesktop.systemd1.Unit", "Job", nil, &reply, "(uo)")
        guard result >= 0, let reply else { return nil }
        defer { sd_bus_message_unref(reply) }
        var number: UInt32 = 0
        var path: UnsafePointer<CChar>?
        guard sd_bus_message_enter_container(reply, CChar(UInt8(ascii: "r")), "uo") > 0,
            sd_bus_message_read_basic(reply, CChar(UInt8(ascii: "u")), &number) > 0, number != 0,
            sd_bus_message_read_basic(reply, CChar(UInt8(ascii: "o")), &path) > 0
        else { return nil }
        return path.map { String(cString: $0) }
    }

    private static func type(ofJob job: String, _ bus: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let result = sd_bus_get_property_string(
            bus, manager, job, "org.freedesktop.systemd1.Job", "JobType", nil, &text)
        guard result >= 0, let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    private static let manager = "org.freedesktop.systemd1"
}
