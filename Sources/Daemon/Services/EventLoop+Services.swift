internal import FailureDetection
internal import LinuxIO
internal import Records
internal import Services
internal import UnitObservation

/// What this host's services do.
extension EventLoop {
    /// A folder in place of the service manager, for demonstrations and tests: there every unit is a file.
    static let unitFolderVariable = "SUSPECTD_UNIT_FOLDER"

    /// Takes what kernel and service manager have to say, before anything is sent.
    func watchServices(_ ready: Int) {
        for index in 0..<ready {
            let token = epoll[index].token
            if token == Token.units {
                for news in units?.takeNews() ?? [] { take(news.item, order: news.order) }
            }
            if token >= Token.processes { noteEnd(token) }
        }
        if state.services.retryAt <= state.now { observe(state.observedUnits) }
        state.advanceServices(into: &outbox)
    }

    private func noteEnd(_ token: UInt64) {
        guard let process = processes.remove(token) else { return }
        try? epoll.remove(process.descriptor.raw)
        let end = ServiceInput.exited(pid: process.descriptor.identifier, of: process.invocation)
        state.take(end, of: process.service, into: &outbox)
    }

    private func take(_ news: UnitNews, order: Int) {
        if let service = news.service, !state.services.isPresent(service, order: order) { return }
        switch news {
        case .input(let service, let input): state.take(input, of: service, into: &outbox)
        case .process(let service, let descriptor, let invocation):
            watch(.init(service: service, descriptor: descriptor, invocation: invocation))
        case .cgroup(let service, let path): state.services.cgroups.set(path, of: service)
        case .refusal(let service, let answer): state.services.refusals[service] = answer
        case .manager(let failure): state.noteManager(failure)
        }
    }

    private func watch(_ process: WatchedProcesses.Process) {
        unwatch(process.service)
        let token = processes.add(process)
        guard (try? epoll.add(process.descriptor.raw, token: token, interest: .read)) == nil else { return }
        // What cannot be watched is still seen by the service manager.
        _ = processes.remove(token)
    }

    private func unwatch(_ service: ServiceName) {
        for former in processes.remove(of: service) { try? epoll.remove(former.descriptor.raw) }
    }

    /// Takes the services that the configuration names, at the start and after a reload.
    func renewServices() {
        let former = state.services.units
        state.configureServices(into: &outbox)
        state.reviewServicesOfAll()
        for service in processes.services where state.services.units[service] != former[service] {
            unwatch(service)
        }
        observe(state.observedUnits)
    }

    private func observe(_ observed: [ObservedUnit]) {
        state.services.retryAt = .never
        if let units { return units.observe(observed, order: state.services.order) }
        guard !observed.isEmpty else { return }
        do throws(SystemCallError) {
            let folder = ProcessEnvironment.value(of: Self.unitFolderVariable)
            if let folder { state.noteUnitFolder(folder, variable: Self.unitFolderVariable) }
            let started = try UnitWatch(observed, order: state.services.order, folder: folder)
            try epoll.add(started.raw, token: Token.units, interest: .read)
            units = started
        } catch {
            state.noteManager("\(error)")
            state.services.retryAt = state.now + .seconds(5)
        }
    }
}
