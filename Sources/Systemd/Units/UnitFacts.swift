internal import Glibc

/// The properties of a unit and of its service, by the names that the service manager gives them.
package struct UnitFacts: Sendable, Equatable {
    /// `ActiveState`.
    package var activeState = ""
    /// `SubState`.
    package var subState = ""
    /// `LoadState`.
    package var loadState = ""
    /// The number of the job in `Job`; 0 when there is none.
    package var job: UInt32 = 0
    /// The object path of that job; `/` when there is none.
    package var jobPath = ""
    /// The type of that job, such as `stop`; empty when it was not read.
    package var jobType = ""
    /// `InvocationID`, 16 bytes; empty when the unit was never activated.
    package var invocation: [UInt8] = []
    /// `TriggeredBy`: sockets, timers and paths that start it.
    package var triggers: [String] = []
    /// `Type` of the service.
    package var type = ""
    /// `Restart` of the service: when it is started again after its end, `no` for never.
    package var restart = ""
    /// `Result` of the service.
    package var result = ""
    /// `MainPID`; 0 when it has none.
    package var mainPID: UInt32 = 0
    /// `ExecMainCode`: 1 exited, 2 killed, 3 dumped; 0 when the main process has not ended.
    package var mainCode: Int32 = 0
    /// `ExecMainStatus`: the status or the signal.
    package var mainStatus: Int32 = 0

    /// Facts of which nothing is known.
    package init() {}
}

/// What the service manager has announced.
package enum UnitBusEvent: Sendable, Equatable {
    /// Properties of the unit at an object path have changed; it has sent all that belongs to the change, and these are the
    /// properties then.
    case changed(path: String, UnitFacts)
    /// It reads all units again, or has done so. Meanwhile it answers no call.
    case reloading(Bool)
    /// Another process is the service manager now, or the same one after it has executed itself anew.
    case replaced
}

/// Why the service manager cannot be asked, or what it answered instead.
package struct UnitBusError: Error, Sendable, CustomStringConvertible {
    /// What was done.
    package let call: String
    /// The number of the error, positive.
    package let code: Int32
    /// The words of an answer that was an error; may be empty.
    package let answer: String
    /// Whether this is an answer: it concerns what was asked about, and all else can still be asked.
    package let isRefusal: Bool

    /// An error of a call.
    package init(call: String, code: Int32, answer: String = "", isRefusal: Bool = false) {
        self.call = call
        self.code = code
        self.answer = answer
        self.isRefusal = isRefusal
    }

    /// Whether an error of this name comes from a manager that answers.
    static func isAnswer(_ name: String) -> Bool {
        guard let kind = name.split(separator: ".").last, !name.contains(".Spawn.") else { return false }
        return !silent.contains(String(kind))
    }

    /// The last words of the names of errors that come in place of an answer: from the bus, or made here.
    private static let silent: Set<String> = [
        "NoReply", "Timeout", "TimedOut", "Disconnected", "ServiceUnknown", "NameHasNoOwner", "NoServer",
        "NoNetwork",
        "ENOTCONN", "ECONNRESET", "EPIPE", "ESHUTDOWN", "ETIMEDOUT",
    ]

    /// What was done, why it failed, and what helps.
    package var description: String {
        let remedy =
            switch code {
            case Self.notConnected:
                "; the message bus does not know this user: run systemd-sysusers, then restart suspectd"
            case Self.noSuchFile, Self.connectionRefused:
                "; there is no system bus: install and start dbus, or remove [[service]]"
            default: ""
            }
        let reason = answer.isEmpty ? String(cString: strerror(code)) : answer
        return isRefusal ? "\(call): \(reason)" : "\(call): \(reason)\(remedy)"
    }

    /// ENOTCONN: the bus has closed the connection of a user that it cannot resolve.
    private static let notConnected: Int32 = 107
    /// ENOENT: the bus has no socket.
    private static let noSuchFile: Int32 = 2
    /// ECONNREFUSED: no process listens at the bus's socket.
    private static let connectionRefused: Int32 = 111
}
