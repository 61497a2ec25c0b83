import Glibc
import LinuxIO
import TestSupport
import Testing

/// Hosts on one Ethernet segment, in namespaces that end with it.
///
/// The first host has 10.9.0.1 on its interface `net0`, the second 10.9.0.2. Names are looked up in a file of the
/// network's own.
final class TestNetwork {
    /// Whether such a network can be made here: as root, or where users may make namespaces.
    static let isPossible = (try? TestNetwork(["a"]).run("a", "nft list ruleset")) != nil

    let folder: TestFolder
    private let hosts: [String]
    private let holder: ChildProcess

    /// Makes the network.
    init(_ hosts: [String]) throws {
        self.hosts = hosts
        folder = try TestFolder()
        try writeFile("127.0.0.1 localhost\n", to: "\(folder.path)/hosts")
        let script = """
            set -e
            PATH=$PATH:/usr/sbin:/sbin
            mount -t tmpfs none /run
            mount --bind '\(folder.path)/hosts' /etc/hosts
            ip link add segment type bridge
            ip link set segment up
            address=1
            for host; do
                ip netns add "$host"
                ip link add "to-$host" type veth peer name net0 netns "$host"
                ip link set "to-$host" master segment up
                ip -n "$host" address add "10.9.0.$address/24" dev net0
                ip -n "$host" link set lo up
                ip -n "$host" link set net0 up
                address=$((address + 1))
            done
            echo ready
            exec sleep infinity
            """
        let pipe = try Pipe()
        holder = try ChildProcess(
            "/usr/bin/unshare", ["-rnm", "/bin/sh", "-c", script, "network"] + hosts,
            output: .descriptor(pipe.writing.raw), errors: .discard)
        let said = try pipe.closeWriting().read(upTo: 64, timeout: 10 * second) ?? []
        try #require(said == Array("ready\n".utf8))
    }

    /// The address of a host, as it was made.
    func address(of host: String) throws -> String {
        "10.9.0.\(try #require(hosts.firstIndex(of: host)) + 1)"
    }

    /// The arguments of nsenter(1) that come before a program which is to run on a host.
    func entry(_ host: String) -> [String] {
        let root = "/proc/\(holder.identifier)"
        return [
            "--user=\(root)/ns/user", "--preserve-credentials", "--mount=\(root)/ns/mnt",
            "--net=\(root)/root/run/netns/\(host)",
        ]
    }

    /// Runs a line of shell on a host.
    func run(_ host: String, _ line: String) throws {
        let words = ["/bin/sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; \(line)"]
        let (status, text) = try Subprocess.run("/usr/bin/nsenter", entry(host) + words)
        try #require(status == 0, "\(line): \(text)")
    }

    /// Runs a line of shell where the segment is, between the hosts.
    func runOutside(_ line: String) throws {
        let root = "/proc/\(holder.identifier)/ns"
        let words = [
            "--user=\(root)/user", "--preserve-credentials", "--mount=\(root)/mnt", "--net=\(root)/net",
            "/bin/sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; set -e; \(line)",
        ]
        let (status, text) = try Subprocess.run("/usr/bin/nsenter", words)
        try #require(status == 0, "\(line): \(text)")
    }

    /// Drops what arrives at a host and matches a rule of nft(8), until `admitAll`.
    func drop(at host: String, _ rule: String) throws { try filter(host, hook: "input", "\(rule) drop") }

    /// Rejects what arrives at a host and matches a rule: its sender is informed that the port is closed.
    func reject(at host: String, _ rule: String) throws {
        try filter(host, hook: "input", "\(rule) reject with icmpx type port-unreachable")
    }

    /// Drops what a host sends and a rule matches: its own sends fail.
    func refuseToSend(at host: String, _ rule: String) throws {
        try filter(host, hook: "output", "\(rule) drop")
    }

    private func filter(_ host: String, hook: String, _ rule: String) throws {
        let chain = "add chain inet test \(hook) { type filter hook \(hook) priority 0; }"
        try run(host, "nft 'add table inet test; \(chain); add rule inet test \(hook) \(rule)'")
    }

    /// Ends what `drop` began.
    func admitAll(at host: String) throws { try run(host, "nft delete table inet test") }

    /// Says what names stand for; the file is mounted, so it is written in place.
    func setNames(_ names: [(name: String, address: String)]) throws {
        let lines = ["127.0.0.1 localhost"] + names.map { "\($0.address) \($0.name)" }
        try overwrite("\(folder.path)/hosts", with: lines.joined(separator: "\n") + "\n")
    }
}

/// Replaces what is in a file that has to stay the same file.
func overwrite(_ path: String, with text: String) throws {
    let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
    try #require(descriptor >= 0, "\(path) cannot be opened")
    defer { close(descriptor) }
    let written = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    try #require(written == text.utf8.count, "\(path) does not take \(text)")
}

/// Daemons that watch each other, each on a host of a network of their own; they end with it.
final class NetworkCluster {
    let network: TestNetwork
    let daemons: [TestDaemon]

    /// Writes the configurations of daemons with these ids; starts nothing.
    ///
    /// `named` peers are known by names such as `b.example`, others by address. Daemons in `bound` listen on an address
    /// and are known by it, whether or not their host has it; those `listening` listen on several. The addresses in
    /// `known` are those that the others have, and in `knownTo` those that one host has of others. `pairs` says which
    /// host watches which, if not everyone everyone. `onlookers` are hosts without a daemon.
    init(
        _ ids: [String] = ["a", "b", "c"], detection: String = TestCluster.calm, named: Bool = false,
        bound: [String: String] = [:], listening: [String: [String]] = [:], known: [String: String] = [:],
        knownTo: [String: [String: String]] = [:], pairs: [String: [String]] = [:], security: String? = nil,
        onlookers: [String] = []
    ) throws {
        let network = try TestNetwork(ids + onlookers)
        let addresses = try ids.map {
            (name: "\($0).example", address: try known[$0] ?? bound[$0] ?? network.address(of: $0))
        }
        try network.setNames(addresses)
        let peers = zip(ids, addresses).map { (id: $0, address: named ? $1.name : $1.address) }
        daemons = try ids.map { id in
            try TestDaemon(id, in: network.folder) { daemon in
                let listen = listening[id] ?? [bound[id] ?? "0.0.0.0"]
                let watched = peers.filter { pairs[id]?.contains($0.id) ?? true }.map {
                    (id: $0.id, address: "\(knownTo[id]?[$0.id] ?? $0.address):7946")
                }
                return TestCluster.configuration(
                    of: daemon, detection: detection, peers: watched,
                    more: "listen = [\(listen.map { "\"\($0):7946\"" }.joined(separator: ", "))]")
                    + "[security]\n\(security ?? "allow_unauthenticated = true")\n"
            }
        }
        self.network = network
    }

    /// The daemon with an id.
    subscript(id: String) -> TestDaemon {
        guard let daemon = daemons.first(where: { $0.id == id }) else {
            preconditionFailure("no daemon \(id)")
        }
        return daemon
    }

    /// Starts one on its host.
    func launch(_ daemon: TestDaemon, environment: [String]? = nil) throws {
        try daemon.launch(
            "/usr/bin/nsenter", network.entry(daemon.id) + [Programs.daemon], environment: environment)
    }

    /// Starts all of them and waits until each trusts all its peers.
    func start() throws {
        for daemon in daemons { try launch(daemon) }
        try daemons.becomeTrusting()
    }

    /// Gives all of them one key, before they start.
    func giveKey() throws {
        let path = "\(network.folder.path)/key"
        try writeFile("suspectd-key-1:\(String(repeating: "07", count: 32))\n", to: path)
        chmod(path, 0o600)
        for daemon in daemons {
            let text = textOfFile(daemon.configuration).replacing(
                "allow_unauthenticated = true", with: "keys = [\"\(path)\"]")
            try writeFile(text, to: daemon.configuration)
        }
    }
}
