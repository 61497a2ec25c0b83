internal import FailureDetection
internal import StatusAPI

/// What was lost besides refused datagrams, since the start.
struct Losses {
    /// Datagrams that the kernel did not take from us.
    var unsent: UInt64 = 0
    /// Errors that came up where a datagram was to be received.
    var receiveErrors: UInt64 = 0
    /// Notes to the journal, or the service manager, that found their queue full.
    var notes: UInt64 = 0

    /// How often a client of the status socket could not be taken.
    var unaccepted: UInt64 = 0
    /// Clients of the status socket that found no connection left, and when some last did.
    var refusedClients: UInt64 = 0
    var refusedAt = Instant.never
    /// How many datagrams dropped by the kernel have been reported.
    var reportedKernelDrops: UInt64 = 0

    /// As the status shows them; what never happened is left out.
    var reports: [DropReport] {
        [
            ("not-sent", unsent), ("receive-error", receiveErrors), ("note-queue-full", notes),
            ("client-refused", refusedClients),
        ]
        .filter { $0.1 > 0 }.map { DropReport(reason: $0.0, count: Int(clamping: $0.1)) }
    }
}
