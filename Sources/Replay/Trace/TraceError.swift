/// Why a trace cannot be read.
package enum TraceError: Error, Hashable {
    /// The file cannot be opened or read; `cause` is the system's or the decompressor's word for it.
    case unreadable(file: String, cause: String)
    /// The file cannot be written.
    case unwritable(file: String, cause: String)
    /// A line is not what it should be.
    case badLine(file: String, line: Int, problem: String)
    /// The file is larger than any trace should be.
    case tooLarge(file: String, line: Int, limit: String)
    /// There is too little in it to say anything.
    case tooShort(file: String, problem: String)
}

extension TraceError: CustomStringConvertible {
    /// What failed, on which file, why, and what to do about it.
    package var description: String {
        switch self {
        case .unreadable(let file, let cause):
            "\(file): cannot be read: \(cause); a trace is a text file, plain or compressed with gzip"
        case .unwritable(let file, let cause):
            "\(file): cannot be written: \(cause); name another with --output"
        case .badLine(let file, let line, let problem):
            "\(file):\(line): \(problem); a trace has the header `seq,send_ns,recv_ns` and three integers "
                + "a line, the last one empty for a lost heartbeat"
        case .tooLarge(let file, let line, let limit):
            "\(file):\(line): the trace has more than \(limit); cut it into pieces"
        case .tooShort(let file, let problem):
            "\(file): \(problem); record for longer"
        }
    }
}
