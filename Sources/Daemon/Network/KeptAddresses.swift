internal import LinuxIO

/// The addresses at which peers that are known by name answered last, in the state directory: a restart while the name
/// servers are away continues with them.
///
/// One line a peer: its id, its address as it is configured, and what that stood for.
struct KeptAddresses {
    private struct Line: Equatable {
        var configured: String
        var address: SocketAddress
    }

    private var lines: [String: Line] = [:]
    /// Whether something is not written yet.
    private(set) var isChanged = false

    /// Nothing is kept.
    init() {}

    /// Reads what was written; a line that is none is passed over.
    init(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let address = SocketAddress(parsing: String(words[2])) else { continue }
            lines[String(words[0])] = Line(configured: String(words[1]), address: address)
        }
    }

    /// Where a peer answered last, if its address is configured as it was then.
    func address(of peer: String, configured: String) -> SocketAddress? {
        lines[peer].flatMap { $0.configured == configured ? $0.address : nil }
    }

    /// Notes where a peer answers.
    mutating func note(_ peer: String, configured: String, address: SocketAddress) {
        let line = Line(configured: configured, address: address)
        guard lines[peer] != line else { return }
        lines[peer] = line
        isChanged = true
    }

    /// Forgets the peers that are none any more.
    mutating func keep(only peers: Set<String>) {
        let former = lines.count
        lines = lines.filter { peers.contains($0.key) }
        isChanged = isChanged || lines.count != former
    }

    /// What is to be written, once.
    mutating func takeText() -> [UInt8] {
        isChanged = false
        let text = lines.sorted { $0.key < $1.key }.map { peer, line in
            "\(peer) \(line.configured) \(line.address)\n"
        }
        return Array(text.joined().utf8)
    }
}
