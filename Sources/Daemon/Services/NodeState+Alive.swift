internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Records
internal import Services
internal import StatusAPI
internal import Wire

/// Which processes may say that a service makes progress: by copies of the state, in the thread of the status socket.
extension NodeState {
    mutating func alive(
        _ parameters: AliveParameters, from caller: VarlinkCaller
    ) throws(VarlinkError) {
        let host = endpoint.monitor.id.description
        guard let name = ServiceName(parameters.service), let unit = services.units[name] else {
            throw MonitorInterface.noSuchService(ServiceParameters(host: host, service: parameters.service))
        }
        guard isOf(name, caller) else {
            throw MonitorInterface.aliveRefused(
                "process \(caller.processID) is neither in the cgroup of \(unit) nor of root; call it from a process of the "
                    + "service that waits for the reply, or as root")
        }
        let state = services.book.watch(of: name)?.status.state ?? .unknown
        guard [.up, .starting, .reloading, .hung].contains(state) else {
            throw MonitorInterface.aliveRefused(
                "\(unit) does not run: the service is \(state.name); start it first, or have the check end with its unit"
            )
        }
        let isLimited =
            configuration.settings.services.first { $0.name == parameters.service }?.hungAfter != nil
        guard isLimited || parameters.withinUSec != nil else {
            throw MonitorInterface.aliveRefused(
                "the service has no time limit; set hung_after in its [[service]], or name a time in the call (--within)"
            )
        }
        call.wish = .alive(name, within: parameters.withinUSec.map { .microseconds(Int64($0)) })
    }

    /// Whether a caller is root, the daemon's own user, or a process of the service.
    ///
    /// It waits for the reply, so its number is still its own; that it has not ended is checked after the number was looked up,
    /// where the kernel has descriptors of callers: a connection can be handed on, and a number can be given out again.
    /// Other users mean nothing here: the unit's own user namespace shows all of them as one.
    private func isOf(_ service: ServiceName, _ caller: VarlinkCaller) -> Bool {
        if caller.userID == 0 || caller.userID == userID { return true }
        guard caller.processID > 0, let cgroup = services.cgroups.path(of: service) else { return false }
        guard CgroupMembers.contains(UInt32(caller.processID), in: cgroup) else { return false }
        return !(call.caller?.hasEnded ?? false)
    }
}
