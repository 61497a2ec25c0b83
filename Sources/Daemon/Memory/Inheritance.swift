internal import LinuxIO
internal import Systemd

/// What the service manager passed to this process at its start, distinguished by what each descriptor is.
///
/// Sockets of a `.socket` unit replace what we would bind. What an earlier incarnation put into the
/// descriptor store is known by its name.
struct Inheritance {
    /// The names in the descriptor store.
    enum Stored {
        static let sockets = "udp"
        static let memory = "memory"
        static let history = "history"
    }

    /// UDP sockets of a `.socket` unit.
    private(set) var activated: [CInt] = []
    /// UDP sockets of our earlier incarnation.
    private(set) var kept: [CInt] = []
    /// The status socket of a `.socket` unit.
    private(set) var listener: CInt?
    /// The socket for metrics of a `.socket` unit.
    private(set) var metrics: CInt?
    /// What our earlier incarnation knew, and what it reported.
    private(set) var memory: CInt?
    private(set) var history: CInt?

    /// Sorts what was passed.
    ///
    /// - Throws: `StartFailure` for a descriptor that nothing can be done with: the unit that passes it is wrong.
    init(_ passed: [PassedDescriptor]) throws(StartFailure) {
        for descriptor in passed { try take(descriptor) }
    }

    private mutating func take(_ descriptor: PassedDescriptor) throws(StartFailure) {
        switch (DescriptorKind(of: descriptor.raw), descriptor.name) {
        case (.datagrams, Stored.sockets): kept.append(descriptor.raw)
        case (.datagrams, _): activated.append(descriptor.raw)
        case (.listener, _) where listener == nil: listener = descriptor.raw
        case (.tcpListener, _) where metrics == nil: metrics = descriptor.raw
        case (.file, Stored.memory) where memory == nil: memory = descriptor.raw
        case (.file, Stored.history) where history == nil: history = descriptor.raw
        case (.listener, let name):
            throw refusal(of: name, "is a second status socket; keep one ListenStream= in the .socket units")
        case (.tcpListener, let name):
            throw refusal(of: name, "is a second socket for metrics; keep one ListenStream=ADDRESS:PORT")
        case (_, let name):
            throw refusal(
                of: name,
                "is neither a UDP socket nor a listening one; use ListenDatagram=ADDRESS:PORT, ListenStream=/PATH, "
                    + "or for metrics ListenStream=127.0.0.1:PORT in the .socket unit")
        }
    }

    private func refusal(of name: String, _ problem: String) -> StartFailure {
        StartFailure(configuration: "the service manager passed a descriptor \"\(name)\" that \(problem)")
    }
}
