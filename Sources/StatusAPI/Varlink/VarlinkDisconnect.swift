/// Why a connection has to be closed.
///
/// Varlink has no other answer to what is not a call.
package enum VarlinkDisconnect: Error, Equatable, CustomStringConvertible {
    /// A call is longer than the limit, in bytes.
    case callTooLong(limit: Int)
    /// A call is not JSON, or not an object with a `method`.
    case malformedCall(String)
    /// A call nests brackets deeper than the limit.
    case nestedTooDeeply(limit: Int)
    /// More bytes of calls wait behind an unfinished one than the limit.
    case tooManyPipelinedCalls(limit: Int)
    /// The client does not read; more bytes wait for it than the limit.
    case readerTooSlow(limit: Int)
    /// A reply has no JSON form: a fault of the daemon's.
    case replyNotEncodable(String)

    /// What the client did, for the log: the end of a sentence that begins with its name.
    package var description: String {
        switch self {
        case .callTooLong(let limit): "sent a call longer than \(limit) bytes"
        case .malformedCall(let problem): "sent what is no Varlink call: \(problem)"
        case .nestedTooDeeply(let limit): "sent a call nested deeper than \(limit) brackets"
        case .tooManyPipelinedCalls(let limit):
            "sent more than \(limit) bytes of calls behind one that is not finished"
        case .readerTooSlow(let limit): "does not read: more than \(limit) bytes wait for it"
        case .replyNotEncodable(let problem): "cannot be answered: \(problem)"
        }
    }
}

/// What one connection may cost.
package struct VarlinkLimits: Equatable, Sendable {
    /// The longest call, in bytes without its terminator.
    package var callBytes = 64 * 1024
    /// How many bytes of calls may wait behind an unfinished one.
    package var waitingCallBytes = 128 * 1024
    /// From how many unread bytes of replies on no further call is answered.
    package var replyBacklogBytes = 64 * 1024
    /// How many bytes of pushed messages may wait for a slow reader.
    package var pushBacklogBytes = 256 * 1024
    /// How many calls are answered in one turn of the loop.
    package var callsPerTurn = 8
    /// After how many bytes of calls and replies a turn answers no further call; at some 30 ns a byte, 1 ms.
    package var bytesPerTurn = 32 * 1024
    /// How deep the brackets of a call may nest.
    package var nesting = 16

    /// The daemon's limits.
    package init() {}
}
