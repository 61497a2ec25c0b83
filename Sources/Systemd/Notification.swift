internal import Glibc

/// One message to the service manager, as `sd_notify(3)` understands it.
///
/// The text is a pure function of the value, so that every message can be tested without a manager.
/// A status is present state in one line ("Watching 12 peers: …"); control characters in it are escaped,
/// because a line break would let a peer's name pose as a second assignment.
package enum Notification: Equatable, Sendable {
    /// The service is up, or is back from reloading (`READY=1`).
    case ready(status: String)
    /// The present state in one line (`STATUS=`).
    case status(String)
    /// A sign of life from the event loop (`WATCHDOG=1`).
    case watchdog
    /// A reload begins (`RELOADING=1`); `monotonicMicroseconds` is `CLOCK_MONOTONIC` at its beginning.
    ///
    /// Prefer ``reloadingNow(status:)``, which reads that clock.
    case reloading(monotonicMicroseconds: UInt64, status: String)
    /// The service is going down on purpose (`STOPPING=1`).
    case stopping(status: String)
    /// The service is about to exit because of a system error (`ERRNO=`).
    case failed(errorNumber: CInt, status: String)
    /// The descriptor that is sent along is to be kept for our next incarnation (`FDSTORE=1`).
    ///
    /// `FDPOLL=0`: a socket on which an error waits to be read is not to be thrown away for it.
    case store(name: String)
    /// What was stored under this name is to be let go (`FDSTOREREMOVE=1`).
    case unstore(name: String)

    /// The longest status sent, in UTF-8 bytes; the manager ignores a datagram of more than 4096 bytes.
    package static let maximumStatusBytes = 1024

    /// A reload that begins at this very moment.
    ///
    /// The clock is read here, not taken from the turn of the event loop: the turn's instant can lie before the
    /// manager's own request, and a manager (systemd 253 and later) ignores a reload that claims to be older.
    package static func reloadingNow(status: String) -> Notification {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
        return .reloading(monotonicMicroseconds: microseconds, status: status)
    }

    /// The datagram's text: assignments separated by line breaks.
    package var text: String {
        assignments.joined(separator: "\n")
    }

    private var assignments: [String] {
        switch self {
        case .ready(let status):
            ["READY=1", Self.assignment(status)]
        case .status(let status):
            [Self.assignment(status)]
        case .watchdog:
            ["WATCHDOG=1"]
        case .reloading(let microseconds, let status):
            // Both in one datagram: the manager pairs them only within one message.
            ["RELOADING=1", "MONOTONIC_USEC=\(microseconds)", Self.assignment(status)]
        case .stopping(let status):
            ["STOPPING=1", Self.assignment(status)]
        case .failed(let errorNumber, let status):
            ["ERRNO=\(errorNumber)", Self.assignment(status)]
        case .store(let name):
            ["FDSTORE=1", "FDNAME=\(name)", "FDPOLL=0"]
        case .unstore(let name):
            ["FDSTOREREMOVE=1", "FDNAME=\(name)"]
        }
    }

    private static func assignment(_ status: String) -> String {
        "STATUS=" + status.escapingControlCharacters().prefix(utf8Bytes: maximumStatusBytes)
    }
}
