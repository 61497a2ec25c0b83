internal import Systemd

/// What is asked about units: the service manager's bus, or a folder instead of it.
protocol UnitManager: AnyObject {
    /// What `poll` has to wait for; negative where there is nothing to wait for.
    var raw: CInt { get }
    /// For what `poll` has to wait there.
    var interest: Int16 { get }
    /// How long to wait at most before `process` is called again, in milliseconds; negative for no limit.
    var patience: Int32 { get }

    /// The path of a unit that is loaded; `nil` when it is not.
    func path(of unit: String) throws(UnitBusError) -> String?

    /// The path that a unit of that name has when it is loaded.
    func path(forName unit: String) -> String

    /// The state of a unit's file, such as `enabled` or `masked`; `nil` when there is none.
    func fileState(of unit: String) throws(UnitBusError) -> String?

    /// Listens to the unit at a path, and reads all that is known of it, which `process` announces.
    func watch(_ path: String) throws(UnitBusError)

    /// What the manager says of the unit at a path now; nothing is kept of it.
    func read(_ path: String) throws(UnitBusError) -> UnitFacts?

    /// Listens to no other units than those at these paths any more.
    func keep(_ paths: Set<String>)

    /// Listens to the unit at a path, which may not be loaded yet.
    func listen(to path: String) throws(UnitBusError)

    /// What is known of the unit at a path.
    func facts(at path: String) -> UnitFacts?

    /// One property of the service at a path, a string; `nil` when it cannot be read.
    func serviceProperty(_ name: String, at path: String) -> String?

    /// One property of the unit at a path, a string; `nil` when it cannot be read.
    func unitProperty(_ name: String, at path: String) -> String?

    /// What has been announced since the last call.
    func process() throws(UnitBusError) -> [UnitBusEvent]
}

extension UnitBus: UnitManager {
    // What a call has taken out of the descriptor wakes no one.
    var patience: Int32 { isDrained ? -1 : 0 }

    func path(forName unit: String) -> String { Self.path(forName: unit) }
}
