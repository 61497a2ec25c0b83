/// What the daemon implements to be managed like any other service.
package protocol ServiceProvider: VarlinkHandler & ~Copyable {
    /// The user that the daemon runs as; that user and root may change things.
    var userID: UInt32 { get }

    /// The least urgent level that is written to the journal.
    var logLevel: LogLevel { get set }

    /// The environment that the daemon was started with, as "NAME=value".
    var environment: [String] { get }

    /// Reads the configuration again and returns warnings; a refused one leaves everything as it was.
    ///
    /// - Returns: `nil` while that is under way; the call is answered when it is done.
    mutating func reload() throws(ReloadFailure) -> [String]?
}

extension ServiceProvider where Self: ~Copyable {
    /// Answers a call of `io.systemd.service`.
    mutating func answerService(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer {
        guard let method = ServiceMethod(rawValue: call.member) else { throw .methodNotFound(call.method) }
        switch method {
        case .ping:
            _ = try call.parameters(NoParameters.self)
            return .reply(NoParameters())
        case .reload:
            return try reload(for: caller, call).map { _ in .reply(NoParameters()) } ?? .later
        case .getLogLevel:
            _ = try call.parameters(NoParameters.self)
            return .reply(LogLevelParameters(level: logLevel))
        case .setLogLevel: return try answerSetLogLevel(call, from: caller)
        case .getEnvironment:
            try admit(caller)
            _ = try call.parameters(NoParameters.self)
            return .reply(EnvironmentReply(environment: environment))
        }
    }

    /// Reloads for a caller who may ask for it, and returns warnings.
    mutating func reload(
        for caller: VarlinkCaller, _ call: VarlinkCall
    ) throws(VarlinkError) -> [String]? {
        try admit(caller)
        _ = try call.parameters(NoParameters.self)
        do throws(ReloadFailure) {
            return try reload()
        } catch {
            throw MonitorInterface.reloadFailed(error)
        }
    }

    private mutating func answerSetLogLevel(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer {
        try admit(caller)
        let number = try call.parameters(LogLevelParameters.self).level
        guard let level = LogLevel(rawValue: number) else { throw .invalidParameter("level") }
        logLevel = level
        return .reply(NoParameters())
    }

    private func admit(_ caller: VarlinkCaller) throws(VarlinkError) {
        guard caller.userID == 0 || caller.userID == userID else { throw .permissionDenied }
    }
}
