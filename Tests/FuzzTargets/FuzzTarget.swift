/// What reads the bytes of strangers: each takes any bytes, and ends the process when they break a promise.
///
/// `make fuzz` runs them under libFuzzer; the ordinary tests run them with seeds and mutants of them.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Datagrams with a right checksum, one after the other.
    case datagram
    /// Datagrams sealed with the right key.
    case sealed
    /// Calls to the status socket, and what its clients read.
    case varlink
    /// Configuration files.
    case configuration
    /// Traces of heartbeats.
    case trace
    /// Causal logs: our own, ShiViz's, GoVector's.
    case log

    /// Reads `bytes` in every way that a stranger can make suspectd read them.
    package func run(_ bytes: [UInt8]) {
        switch self {
        case .datagram: DatagramFuzz.run(bytes, isSealed: false)
        case .sealed: DatagramFuzz.run(bytes, isSealed: true)
        case .varlink: VarlinkFuzz.run(bytes)
        case .configuration: FileFuzz.readConfiguration(bytes)
        case .trace: FileFuzz.readTrace(bytes)
        case .log: LogFuzz.run(bytes)
        }
    }

    /// Bytes from which to begin: what is right, of every kind.
    package var seeds: [[UInt8]] {
        switch self {
        case .datagram, .sealed: DatagramFuzz.seeds
        case .varlink: VarlinkFuzz.seeds
        case .configuration: FileFuzz.configurations
        case .trace: FileFuzz.traces
        case .log: LogFuzz.seeds
        }
    }
}

/// Ends the process when a promise is broken, so that the fuzzer keeps the bytes that did it.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) {
    precondition(holds, what())
}
