import Testing

@testable import Configuration

@Suite("The files of conf.d")
struct DropInTests {
    @Test("are read in name order after the main file, and hidden and other files are not")
    func order() throws {
        let folder = try ConfigurationFolder(
            main: quietStart,
            dropIns: [
                "b.toml": "", "a.toml": "", "B.toml": "", ".c.toml": "?", "d.toml~": "?", "e.conf": "?",
            ])
        let names = try folder.load().files.map { $0.replacing(folder.path + "/", with: "") }
        #expect(names == ["suspectd.toml", "conf.d/B.toml", "conf.d/a.toml", "conf.d/b.toml"])
    }

    @Test("add keys to the tables and peers to the list")
    func merge() throws {
        let peer = "[[peer]]\nid = \"b\"\naddress = \"b:1\"\n"
        let folder = try ConfigurationFolder(
            main: "[node]\nid = \"a\"\n" + peer + "[security]\nallow_unauthenticated = true\n",
            dropIns: [
                "1.toml": "[node]\ncausal_log = false\n[ping]\nretries = 1\n",
                "2.toml": peer.replacing("b", with: "c") + "[ping]\nmaximum_timeout = \"2s\"\n",
            ])
        let settings = try folder.load().settings
        #expect(settings.node.id == "a")
        #expect(!settings.node.causalLog)
        #expect(settings.peers.map(\.id) == ["b", "c"])
        #expect(settings.detection.ping.retries == 1)
        #expect(settings.detection.ping.maximumTimeout == .seconds(2))
    }

    @Test("may not set a key a second time, and the error names both positions")
    func duplicates() throws {
        let folder = try ConfigurationFolder(
            main: quietStart + "[node]\nid = \"a\"\n",
            dropIns: [
                "1.toml": "[node]\nlisten = [\"[::1]:1\"]\nid = \"b\"\n",
                "2.toml": "node.listen = [\"[::1]:2\"]\n",
            ])
        #expect(
            folder.errors() == [
                "conf.d/1.toml:3: node.id: is already set at suspectd.toml:5; keep one of the two",
                "conf.d/2.toml:1: node.listen: is already set at conf.d/1.toml:2; keep one of the two",
            ])
    }

    @Test(
        "of another kind than what another file has is refused for that, and for nothing else",
        arguments: ["peer", "service"])
    func otherKind(list: String) throws {
        let entry = "[[peer]]\nid = \"a\"\naddress = \"a:1\"\n"
        let single = "[\(list)]\nname = \"x\"\nunit = \"x.service\"\n"
        let whole = "[[service]]\nname = \"y\"\nunit = \"y.service\"\n"
        let problem =
            "\(list): is a table, expected an array of tables; write [[\(list)]] before the keys of each \(list)"
        let start = "[security]\nallow_unauthenticated = true\n" + entry + whole
        #expect(
            try ConfigurationFolder(main: start, dropIns: ["1.toml": single]).errors() == [
                "conf.d/1.toml:1: \(problem)"
            ])
        let first = try ConfigurationFolder(main: single, dropIns: ["1.toml": start, "2.toml": single])
        #expect(first.errors() == ["suspectd.toml:1: \(problem)", "conf.d/2.toml:1: \(problem)"])
        let text = try ConfigurationFolder(
            main: start + "[node]\nid = \"b\"\n", dropIns: ["1.toml": "node = 3\n"])
        #expect(
            text.errors().first?.hasPrefix("conf.d/1.toml:1: node: is an integer, expected a table; ")
                == true, "\(text.errors())")
    }

    @Test("are found beside a main file without a folder in its name, too")
    func bareName() {
        var diagnostics = Diagnostics()
        #expect(DropInDirectory.files(besides: "no-such-file.toml", &diagnostics) == [])
        #expect(diagnostics.errors == [])
    }
}
