internal import CSystemd
internal import Glibc

/// The way to the service manager: the datagram socket named by `$NOTIFY_SOCKET`.
///
/// A call can block while the manager is busy; the daemon makes it on its writer thread only.
package struct Notifier: Sendable {
    /// What became of a message that did not fail.
    package enum Outcome: Equatable, Sendable {
        /// The manager's socket took the datagram.
        case delivered
        /// `$NOTIFY_SOCKET` is absent: the parent process does not want to know.
        case noServiceManager
    }

    /// A notifier for the manager that started this process.
    package init() {}

    /// Sends `notification` as one datagram.
    ///
    /// Throws when `$NOTIFY_SOCKET` is set and the datagram could not be sent.
    @discardableResult
    package func send(_ notification: Notification) throws(NotifyError) -> Outcome {
        try outcome(of: sd_notify(0, notification.text), sending: notification)
    }

    /// Gives a descriptor to the manager to keep, under a name without colons.
    ///
    /// Where the unit has no `FileDescriptorStoreMax=` the manager passes over it without a word.
    /// - Throws: when `$NOTIFY_SOCKET` is set and the datagram could not be sent.
    @discardableResult
    package func store(_ descriptor: CInt, as name: String) throws(NotifyError) -> Outcome {
        let message = Notification.store(name: name)
        var descriptor = descriptor
        return try outcome(
            of: sd_pid_notify_with_fds(0, 0, message.text, &descriptor, 1), sending: message)
    }

    private func outcome(of result: CInt, sending notification: Notification) throws(NotifyError) -> Outcome {
        guard result >= 0 else { throw NotifyError(notification: notification, errorNumber: -result) }
        return result > 0 ? .delivered : .noServiceManager
    }
}

/// A notification that did not reach the service manager.
package struct NotifyError: Error, Equatable, CustomStringConvertible {
    /// What was to be said.
    package let notification: Notification
    /// The system's error number (`errno`).
    package let errorNumber: CInt

    /// What failed, on which socket, why, and what to do.
    package var description: String {
        let socket = getenv("NOTIFY_SOCKET").map { String(cString: $0) } ?? "absent"
        let message = notification.text.prefix { $0 != "\n" }
        return "sd_notify \(message) to $NOTIFY_SOCKET (\(socket)): \(errorText(errorNumber)); "
            + "start suspectd from its unit, or unset NOTIFY_SOCKET"
    }
}

/// The system's words for an error number.
func errorText(_ errorNumber: CInt) -> String {
    String(cString: strerror(errorNumber))
}
