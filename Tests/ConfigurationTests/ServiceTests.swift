import Testing

@testable import Configuration

@Suite("A service in the configuration")
struct ServiceTests {
    private func service(_ name: String, _ unit: String, _ more: String = "") -> String {
        "[[service]]\nname = \"\(name)\"\nunit = \"\(unit)\"\n\(more)\n"
    }

    @Test("is read with its limit, and is sorted by name")
    func read() throws {
        let text =
            service("web", "nginx.service")
            + service("db", "postgresql@15-main.service", "hung_after = \"2s\"")
        #expect(
            try settings(text).services == [
                LocalService(name: "db", unit: "postgresql@15-main.service", hungAfter: .seconds(2)),
                LocalService(name: "web", unit: "nginx.service", hungAfter: nil),
            ])
    }

    @Test("is for the hosts that its patterns match, and for all without any")
    func hosts() throws {
        let text =
            service("a", "a.service", "hosts = [\"other\"]") + service("b", "b.service", "hosts = [\"m?\"]")
            + service("c", "c.service", "hosts = [\"oth*\", \"*e\"]") + service("d", "d.service")
        #expect(try settings(text).services.map(\.name) == ["b", "c", "d"])
    }

    @Test(
        "has patterns that match as in a shell",
        arguments: [
            ("*", "", true), ("*", "db1", true), ("db*", "db", true), ("db*", "web1", false),
            ("*1", "db11", true), ("d?1", "db1", true), ("d?1", "d1", false), ("*b*1*", "db-1.x", true),
            ("db", "db1", false), ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ])
    func patterns(pattern: String, text: String, matches: Bool) {
        #expect(HostPattern.matches(pattern, text) == matches)
    }

    @Test(
        "with a wrong value is an error that names the remedy",
        arguments: [
            (
                "unit = \"a.service\"",
                "5: service[#1].name: is missing; add name = \"postgres\" to this [[service]]"
            ),
            (
                "name = \"a\"",
                "5: service[a].unit: is missing; add unit = \"postgresql.service\" to this [[service]]"
            ),
            (
                "name = \"a/b\"\nunit = \"a.service\"",
                "6: service[#1].name: \"a/b\" contains the character /; use letters, digits, \"-\", \"_\" and \".\""
            ),
            (
                "name = \"a\"\nunit = \"a\"",
                "7: service[a].unit: \"a\" has no type; write \"a.service\""
            ),
            (
                "name = \"a\"\nunit = \"a.socket\"",
                "7: service[a].unit: \"a.socket\" is a socket, no service; write the service that belongs to it"
            ),
            (
                "name = \"a\"\nunit = \"a@.service\"",
                "7: service[a].unit: \"a@.service\" is a template; "
                    + "name an instance of it, for example \"a@main.service\""
            ),
            (
                "name = \"a\"\nunit = \"a*.service\"",
                "7: service[a].unit: \"a*.service\" is a pattern; "
                    + "write one [[service]] for each unit, with its whole name"
            ),
            (
                "name = \"a\"\nunit = \"/lib/a.service\"",
                "7: service[a].unit: \"/lib/a.service\" is a path; "
                    + "write the name that \"systemctl list-units --type=service\" shows"
            ),
            (
                "name = \"a\"\nunit = \".service\"",
                "7: service[a].unit: \".service\" has no name before its type; "
                    + "write for example \"postgresql.service\""
            ),
            (
                "name = \"a\"\nunit = \"a.service\"\nhung_after = \"1ms\"",
                "8: service[a].hung_after: \"1ms\" is out of range; write a duration from \"100ms\" to \"1d\""
            ),
            (
                "name = \"a\"\nunit = \"a.service\"\nhosts = []",
                "8: service[a].hosts: is empty, so no host has this service; "
                    + "name the hosts, for example hosts = [\"db*\"], or remove the key for all hosts"
            ),
            (
                "name = \"a\"\nunit = \"a.service\"\nhosts = [\"db[12]\"]",
                "8: service[a].hosts: \"db[12]\" contains \"[\", and there are no sets of characters; "
                    + "write the id of a host, with * for any characters and ? for one"
            ),
            (
                "name = \"a\"\nunit = \"a.service\"\nhosts = [\"a b\"]",
                "8: service[a].hosts: \"a b\" cannot match any id; "
                    + "write the id of a host, with * for any characters and ? for one"
            ),
            (
                "name = \"a\"\nunit = \"a.service\"\npid_file = \"/run/a.pid\"",
                "8: service[a].pid_file: unknown key; the keys of [[service]] are name, unit, hung_after, hosts"
            ),
        ])
    func wrong(text: String, message: String) throws {
        #expect(try errors("[[service]]\n" + text) == ["suspectd.toml:" + message])
    }

    @Test("must not share its name or its unit with another of this host, but may with one of another host")
    func clashes() throws {
        let here = service("a", "a.service")
        #expect(
            try errors(here + service("a", "b.service")) == [
                "suspectd.toml:10: service[a].name: is already used at suspectd.toml:6; "
                    + "give every service of a host a name of its own, or the two different hosts"
            ])
        #expect(
            try errors(here + service("b", "a.service")) == [
                "suspectd.toml:11: service[b].unit: \"a.service\" is already the unit of service[a] at "
                    + "suspectd.toml:7; name each unit once"
            ])
        let apart =
            service("a", "a.service", "hosts = [\"me\"]") + service("a", "b.service", "hosts = [\"other\"]")
        #expect(try errors(apart) == [])
    }

    @Test("is one of at most 32 of a host")
    func count() throws {
        let services = (1...33).map { service("s\($0)", "s\($0).service") }
        #expect(try errors(services.prefix(32).joined()) == [])
        #expect(
            try errors(services.joined()) == [
                "suspectd.toml:133: service: a host has 33 services; "
                    + "observe at most 32 on one host, or give them hosts"
            ])
    }

    @Test("is warned of when it clashes on another host, or is for no host")
    func advice() throws {
        let text =
            service("a", "a.service", "hosts = [\"other\"]") + service("a", "b.service", "hosts = [\"oth*\"]")
            + service("c", "c.service", "hosts = [\"bd*\"]")
        #expect(
            try ConfigurationFolder(main: quietStart + "\n" + text).warnings() == [
                "suspectd.toml:10: service[a].name: on host \"other\": is already used at suspectd.toml:6; "
                    + "give every service of a host a name of its own, or the two different hosts",
                "suspectd.toml:16: service[c].hosts: \"bd*\" matches no host; "
                    + "compare it with the ids of the [[peer]] tables",
            ])
    }

    @Test("that names other members is known as theirs; one that names none may be of this host only")
    func elsewhere() throws {
        let text =
            service("b", "b.service", "hosts = [\"other\"]") + service("a", "a.service")
            + service("c", "c.service", "hosts = [\"me\"]") + service("d", "d.service", "hosts = [\"x\"]")
        #expect(try settings(text).servicesElsewhere == ["other": ["b"]])
    }

    @Test(
        "is reported once for each mistake: what is an error here is no warning for others, nor is one repeated"
    )
    func once() throws {
        let same = service("a", "a.service") + service("a", "b.service")
        let many = (1...33).map { service("s\($0)", "s\($0).service") }.joined()
        for text in [same, many] {
            let folder = try ConfigurationFolder(main: quietStart + "\n" + text)
            let refused = #expect(throws: ConfigurationErrors.self) { try folder.load() }
            #expect(refused?.errors.count == 1 && refused?.warnings == [])
        }
        let twice =
            service("a", "a.service", "hosts = [\"x\"]") + service("b", "b.service", "hosts = [\"x\", \"x\"]")
        let found = try ConfigurationFolder(main: quietStart + "\n" + twice).warnings()
        #expect(found.count == 2 && Set(found).count == 2, "\(found)")
    }

    @Test("is not counted where there are more than are read: that they are too many is said once")
    func uncounted() throws {
        let services = (0...2_048).map { service("s\($0)", "s\($0).service") }
        let found = try errors(services.joined())
        #expect(found.count == 1 && found.first?.contains("there are 2049 services") == true, "\(found)")
    }

    @Test("is warned of when it is the daemon's own unit, which cannot report its own end")
    func ownUnit() throws {
        let found = try ConfigurationFolder(main: quietStart + "\n" + service("me", "suspectd.service"))
            .warnings()
        #expect(found.count == 1 && found.first?.contains("the unit is the daemon's own") == true, "\(found)")
    }

    @Test("may be in several files")
    func dropIns() throws {
        let folder = try ConfigurationFolder(
            main: quietStart + service("a", "a.service"), dropIns: ["b.toml": service("b", "b.service")])
        #expect(try folder.load().settings.services.map(\.name) == ["a", "b"])
    }

    @Test("is shown with its origin")
    func shown() throws {
        let folder = try ConfigurationFolder(
            main: quietStart + service("a", "a.service", "hung_after = \"2s\"\nhosts = [\"m*\", \"x\"]")
                + service("b", "b.service", "hosts = [\"other\"]"))
        let values = try ConfigurationLoader.explain(path: folder.mainPath, environment: .test)
            .filter { $0.table.hasPrefix("service") }
        #expect(values.map(\.table) == ["service[a]", "service[a]", "service[a]"])
        #expect(values.map(\.key) == ["unit", "hung_after", "hosts"])
        #expect(values.map(\.value) == ["\"a.service\"", "\"2s\"", "[\"m*\", \"x\"]"])
    }
}
