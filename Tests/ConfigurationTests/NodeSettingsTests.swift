import Testing

@testable import Configuration

@Suite("The node")
struct NodeSettingsTests {
    private static let open = "[security]\nallow_unauthenticated = true\n"

    private func peer(_ id: String, _ address: String) -> String {
        "[[peer]]\nid = \"\(id)\"\naddress = \"\(address)\"\n"
    }

    @Test("is called like the host, and its paths come from systemd's variables")
    func environment() throws {
        let environment = ConfigurationEnvironment(
            hostName: "db7.example.net", stateDirectory: "/state/first:/state/second",
            runtimeDirectory: "/run/x")
        let node = try ConfigurationFolder(main: Self.open).load(environment).settings.node
        #expect(node.id == "db7.example.net")
        #expect(node.stateDirectory == "/state/first")
        #expect(node.statusSocket == "/run/x/io.suspectd.Monitor")
    }

    @Test("keeps the id that its state belongs to when the host is renamed, and says how to settle it")
    func renamed() throws {
        let folder = try ConfigurationFolder(
            main: Self.open + peer("db1", "127.0.0.1:7946") + peer("db2", "127.0.0.1:7947"))
        try folder.write("epoch", "db1 91845615\n")
        let renamed = ConfigurationEnvironment(
            hostName: "ip-10-78-0-1.example", stateDirectory: folder.path, keepsIdentity: true)
        let settings = try folder.load(renamed).settings
        #expect(settings.node.id == "db1" && settings.peers.map(\.id) == ["db2"])
        #expect(
            try folder.warnings(renamed).filter { $0.contains("node.id") } == [
                "suspectd.toml: node.id: is not set; the host is called \"ip-10-78-0-1.example\", and its state belongs to "
                    + "\"db1\", which stays the id; set id = \"db1\" in [node] to keep it, or stop the daemon, remove epoch "
                    + "and start it as \"ip-10-78-0-1.example\", a new node to its peers"
            ])
        let same = ConfigurationEnvironment(hostName: "db1", stateDirectory: folder.path, keepsIdentity: true)
        #expect(try folder.warnings(same).filter { $0.contains("node.id: is not set") }.isEmpty)
        // The short form of its name is no other name.
        let full = ConfigurationEnvironment(
            hostName: "db1.example.net", stateDirectory: folder.path, keepsIdentity: true)
        #expect(try folder.load(full).settings.node.id == "db1")
        #expect(try folder.warnings(full).filter { $0.contains("node.id") }.isEmpty)
        try folder.write("epoch", "torn")
        #expect(try folder.load(renamed).settings.node.id == "ip-10-78-0-1.example")
    }

    @Test(
        "finds itself in the list by its host name, with or without the domain",
        arguments: [
            ("db4.example.net", ["db1", "db4"], "db4"),
            ("db4", ["db1", "db4.example.net"], "db4.example.net"),
            ("db4.example.net", ["db4", "db4.example.net"], "db4.example.net"), ("db4", ["db1"], "db4"),
            ("db4", ["db4.a.net", "db4.b.net"], "db4"), ("db4.a.net", ["db4.b.net"], "db4.a.net"),
        ])
    func hostName(host: String, members: [String], id: String) throws {
        let peers = members.enumerated().map { peer($0.element, "127.0.0.1:\(7946 + $0.offset)") }.joined()
        let environment = ConfigurationEnvironment(
            hostName: host, stateDirectory: "/nonexistent", keepsIdentity: true)
        #expect(try ConfigurationFolder(main: Self.open + peers).load(environment).settings.node.id == id)
    }

    @Test("takes the name in the list where its state belongs to an id that the list does not have")
    func configuredLater() throws {
        let folder = try ConfigurationFolder(
            main: Self.open + peer("db1", "127.0.0.1:7946") + peer("db4", "127.0.0.1:7947"))
        try folder.write("epoch", "db4.example.net 91845615\n")
        let environment = ConfigurationEnvironment(
            hostName: "db4.example.net", stateDirectory: folder.path, keepsIdentity: true)
        #expect(try folder.load(environment).settings.node.id == "db4")
        #expect(try folder.warnings(environment).filter { $0.contains("node.id") } == [])
    }

    @Test("listens on loopback alone while nothing is configured")
    func unused() throws {
        let node = try ConfigurationFolder(main: "[node]\n[security]\n").load().settings.node
        #expect(node.listen.map(\.description) == ["127.0.0.1:7946"])
    }

    @Test("has the usual paths when the variables are not set, or empty")
    func usualPaths() throws {
        let environment = ConfigurationEnvironment(hostName: "h", stateDirectory: "", runtimeDirectory: "")
        let node = try ConfigurationFolder(main: Self.open).load(environment).settings.node
        #expect(node.stateDirectory == "/var/lib/suspectd")
        #expect(node.statusSocket == "/run/suspectd/io.suspectd.Monitor")
    }

    @Test("takes what the file says before the environment")
    func explicit() throws {
        let text = "[node]\nid = \"x\"\nstate_directory = \"build/s\"\nstatus_socket = \"build/m\"\n"
        let environment = ConfigurationEnvironment(
            hostName: "h", stateDirectory: "/s", runtimeDirectory: "/r")
        let node = try ConfigurationFolder(main: text + Self.open).load(environment).settings.node
        #expect(node.id == "x")
        #expect(node.stateDirectory == "build/s")
        #expect(node.statusSocket == "build/m")
    }

    @Test("needs an id when the host name cannot be one")
    func badHostName() throws {
        let folder = try ConfigurationFolder(main: "[node]\n" + Self.open)
        #expect(
            folder.errors(ConfigurationEnvironment(hostName: "")) == [
                "suspectd.toml:1: node.id: is not set, and the host name is empty; "
                    + "set id in [node], for example id = \"db1\""
            ])
    }

    @Test("has a socket path that the kernel accepts")
    func longSocket() throws {
        let folder = try ConfigurationFolder(main: Self.open)
        let environment = ConfigurationEnvironment(
            hostName: "h", runtimeDirectory: "/" + String(repeating: "r", count: 100))
        #expect(
            folder.errors(environment) == [
                "suspectd.toml: node.status_socket: the path is 121 bytes long; "
                    + "choose a path of at most 107 bytes, the limit of UNIX sockets"
            ])
    }

    // MARK: Where it listens

    @Test("listens everywhere on 7946 when nothing says otherwise")
    func defaultListen() throws {
        let node = try ConfigurationFolder(main: Self.open).load().settings.node
        #expect(node.listen.map(\.description) == ["0.0.0.0:7946", "[::]:7946"])
        #expect(!node.listenIsExplicit)
    }

    @Test("finds itself in the list of peers, does not watch itself, and listens on the port of its address")
    func ownPeer() throws {
        let text = Self.open + peer("me", "me.example.net:5000") + peer("you", "you.example.net:5001")
        let settings = try ConfigurationFolder(main: text).load().settings
        #expect(settings.peers.map(\.id) == ["you"])
        #expect(settings.node.listen.map(\.description) == ["0.0.0.0:5000", "[::]:5000"])
        #expect(settings.node.listen.contains { !$0.isLoopback })
    }

    @Test(
        "listens on its own address only if that is loopback",
        arguments: [
            ("127.0.0.1:5000", ["127.0.0.1:5000"]), ("[::1]:5000", ["[::1]:5000"]),
            ("localhost:5000", ["127.0.0.1:5000", "[::1]:5000"]),
        ])
    func ownLoopback(address: String, listen: [String]) throws {
        let settings = try ConfigurationFolder(main: peer("me", address) + peer("you", "you:1")).load()
            .settings
        #expect(settings.node.listen.map(\.description) == listen)
        #expect(!settings.node.listen.contains { !$0.isLoopback })
    }

    @Test("listens where it is configured to rather than at its own address")
    func explicitListen() throws {
        let text = "[node]\nlisten = [\"127.0.0.1:1\", \"[::1]:2\"]\n" + peer("me", "me:5000")
        let node = try ConfigurationFolder(main: text).load().settings.node
        #expect(node.listen.map(\.description) == ["127.0.0.1:1", "[::1]:2"])
        #expect(node.listenIsExplicit)
    }

    // MARK: Authentication

    private static let remedy =
        "is reachable from the network, and nothing authenticates the peers; "
        + "make a key with \"suspectctl key new FILE\", copy it to every host and name it in [security] keys; "
        + "or set allow_unauthenticated = true there if every host of the network may be trusted"

    @Test("does not listen beyond loopback without being allowed to")
    func unauthenticated() throws {
        #expect(
            try ConfigurationFolder(main: "[node]\nlisten = [\n\"127.0.0.1:1\",\n\"192.0.2.1:1\"]\n").errors()
                == ["suspectd.toml:4: node.listen: \"192.0.2.1:1\" \(Self.remedy)"])
        #expect(
            try ConfigurationFolder(main: peer("me", "me:5000")).errors()
                == ["suspectd.toml:3: node.listen: \"0.0.0.0:5000\" \(Self.remedy)"])
        #expect(
            try ConfigurationFolder(main: "").errors()
                == ["suspectd.toml: node.listen: \"0.0.0.0:7946\" \(Self.remedy)"])
    }

    @Test("has one error, not two, when the permission is unreadable")
    func unreadablePermission() throws {
        #expect(
            try ConfigurationFolder(main: "[security]\nallow_unauthenticated = 1\n").errors() == [
                "suspectd.toml:2: security.allow_unauthenticated: is an integer, expected a boolean; "
                    + "write true or false without quotes"
            ])
    }
}
