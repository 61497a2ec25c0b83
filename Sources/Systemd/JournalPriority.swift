/// How urgent a note is: syslog's levels, as far as the daemon has use for them.
package enum JournalPriority: Int, Comparable, CaseIterable, Sendable {
    /// The daemon cannot continue.
    case critical = 2
    /// Something asked for was not done.
    case error = 3
    /// An operator should check: a peer is suspected, a datagram was refused.
    case warning = 4
    /// Normal, and worth knowing: a peer is trusted again.
    case notice = 5
    /// Normal.
    case information = 6
    /// Only of interest to an operator who searches for a fault in the daemon.
    case debug = 7

    /// The least urgent level that is written unless an operator asks for another.
    package static let usualLevel = JournalPriority.information.rawValue

    /// Orders by number, as syslog does: `.error < .warning`, the more urgent is the smaller.
    package static func < (left: JournalPriority, right: JournalPriority) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The word that introduces a line on a plain standard error; `nil` where the line says it itself.
    var label: String? {
        switch self {
        case .critical, .error: "error"
        case .warning: "warning"
        case .notice, .information: nil
        case .debug: "debug"
        }
    }
}
