internal import LinuxIO
internal import Records
internal import Services

/// The main processes of this host's services, each by the token under which the loop watches it.
struct WatchedProcesses {
    /// One of them.
    struct Process {
        let service: ServiceName
        let descriptor: ProcessDescriptor
        let invocation: InvocationID
    }

    private var processes: [UInt64: Process] = [:]
    private var nextToken: UInt64

    /// None yet; tokens count from `first` on.
    init(from first: UInt64) { nextToken = first }

    /// Adds one, under a token that no other has had.
    mutating func add(_ process: Process) -> UInt64 {
        defer { nextToken += 1 }
        processes[nextToken] = process
        return nextToken
    }

    /// Takes one out.
    mutating func remove(_ token: UInt64) -> Process? { processes.removeValue(forKey: token) }

    /// Takes those of a service out.
    mutating func remove(of service: ServiceName) -> [Process] {
        let tokens = processes.filter { $0.value.service == service }.keys
        return tokens.sorted().compactMap { processes.removeValue(forKey: $0) }
    }

    /// The services that have one.
    var services: Set<ServiceName> { Set(processes.values.map(\.service)) }
}
