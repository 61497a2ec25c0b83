import Glibc
import SuspectControl
import Testing

/// Commands that read logs and need no daemon.
@Suite("Commands on logs")
struct LogCommandTests {
    private static let a = """
        a@1 {"a@1":1}
        2026-11-22T19:40:11.000000Z START
        a@1 {"a@1":2}
        2026-11-22T19:40:11.200000Z SEND heartbeat
        a@1 {"a@1":3}
        2026-11-22T19:40:12.000000Z SUSPECT peer=b cause=crash certainty=suspected silent

        """
    private static let b = """
        b@1 {"b@1":1}
        2026-11-22T19:40:11.000000Z START
        b@1 {"a@1":2, "b@1":2}
        2026-11-22T19:40:11.300000Z RECEIVE from=a@1:2 heartbeat

        """

    private let folder: TemporaryFolder
    private let logA: String
    private let logB: String

    init() throws {
        folder = try TemporaryFolder()
        logA = try folder.write("a@1-Log.txt", Self.a)
        logB = try folder.write("b@1-Log.txt", Self.b)
    }

    @Test("verify: sound, gaps, problems, and what cannot be read have their statuses")
    func verify() throws {
        let sound = control(["verify", logA, logB])
        #expect(sound.status == 0)
        #expect(sound.results == "sound: 5 events of 2 processes; every event that is named is there\n")
        let gap = control(["verify", logB])
        #expect(gap.status == 1)
        #expect(
            gap.results
                == "gap: events 1–2 of a@1 are missing, although b@1:2 names them or later ones\n"
                + "2 events of 1 process: 0 problems, 1 gap\n")
        #expect(control(["verify", "--partial", logB]).status == 0)
        let bad = try folder.write("bad", Self.b + "junk\n")
        let problem = control(["verify", "--partial", logA, bad])
        #expect(problem.status == 1)
        #expect(problem.results.contains("problem: \(bad):5: not a process and its clock"))
        let absent = control(["verify", logA, "/no/such.log"])
        #expect(absent.status == 66)
        #expect(
            absent.remarks == "suspectctl: open /no/such.log: No such file or directory; is its name right?\n"
        )
        #expect(control(["verify"]).status == 64)
    }

    @Test("verify as JSON, and no more lines than asked for")
    func verifyOutput() throws {
        #expect(
            control(["--json", "verify", logB]).results
                == #"{"crashes":[],"events":2,"gaps":[{"dot":"a@1:1","problem":"events 1–2 of a@1 are missing, although b@1:2 "#
                + #"names them or later ones"}],"problems":[],"processes":1}"# + "\n")
        let junk = try folder.write("junk", String(repeating: "junk\u{1B}[31m {\n", count: 70))
        let lines = control(["verify", junk]).results.split(separator: "\n")
        #expect(lines.count == 52)
        #expect(lines[50] == "… and 20 more problems; --all lists them")
        #expect(control(["verify", "--all", junk]).results.split(separator: "\n").count == 71)
    }

    @Test(
        "happened-before answers, with what it rests on",
        arguments: [
            ("a@1:2", "b@1:2", "before", 0), ("b@1:2", "a@1:1", "after", 0),
            ("a@1:3", "b@1:2", "concurrent", 0),
            ("a@1:2", "a@1:2", "same", 0), ("a@1:3", "c@1:1", "unknown", 1), ("a@1:1", "a@1:3", "before", 0),
        ] as [(String, String, String, Int32)])
    func happenedBefore(left: String, right: String, order: String, status: Int32) {
        let text = control(["happened-before", left, right, logA, logB])
        #expect(text.status == status)
        #expect(text.results.hasPrefix("\(order): "))
        let json = control(["happened-before", left, right, logA, logB, "--json"])
        #expect(json.status == status)
        #expect(json.results.contains("\"order\":\"\(order)\""))
        #expect(json.results.contains("\"certainty\":\"proved\"") == (order != "unknown"))
    }

    @Test("what is no event is wrong usage, and a missing file is reported")
    func happenedBeforeUsage() {
        #expect(control(["happened-before", "a", "b@1:1", logA]).status == 64)
        #expect(control(["happened-before", "a@1:1"]).status == 64)
        #expect(control(["happened-before", "a@1:1", "b@1:1", "/no/such.log"]).status == 66)
    }

    @Test("export writes each form, to a file or out, and refuses two forms or none")
    func export() throws {
        let svg = control(["export", "--svg", logA, logB])
        #expect(svg.status == 0 && svg.results.hasPrefix("<svg ") && svg.results.hasSuffix("</svg>\n"))
        let shiviz = control(["export", "--shiviz", "--last", "2", logA, logB])
        #expect(
            shiviz.results.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2) == [
                "b@1 {\"b@1\":1}", "2026-11-22T19:40:11.300000Z RECEIVE heartbeat", "a@1 {\"a@1\":1}",
                "2026-11-22T19:40:12.000000Z SUSPECT peer=b cause=crash certainty=suspected silent", "",
            ])
        #expect(
            control(["export", "--json", "--states", logA, logB]).results.hasPrefix(
                #"{"events":[{"clock":["a@1:1"]"#))
        let path = try folder.write("out.svg", "")
        #expect(control(["export", "--svg", "--output", path, logA]).results == "")
        #expect(control(["export", "--svg", "-o", "/no/such/place", logA]).status == 1)
        for arguments in [["--svg", "--shiviz"], [], ["--svg", "--json"], ["--svg", "--last", "0"]] {
            #expect(control(["export"] + arguments + [logA]).status == 64)
        }
    }

    @Test("export around an event that is not there is refused, and around one that is shows its causes")
    func around() {
        let absent = control(["export", "--svg", "--around", "a@1:9", logA])
        #expect(absent.status == 1)
        #expect(absent.remarks.contains("no log has the event a@1:9"))
        let causes = control(["export", "--shiviz", "--around", "b@1:2", logA, logB]).results
        #expect(causes.contains("SEND") && !causes.contains("SUSPECT"))
    }

    @Test("a cut shows which host suspected which in one possible state")
    func cut() {
        let early = control(["cut", "b@1:2", logA, logB])
        #expect(early.status == 0)
        #expect(early.results.contains("a@1:2") && !early.results.contains("b (crash)"))
        #expect(control(["cut", "a@1:3", logA, logB]).results.contains("b (crash)"))
        #expect(
            control(["--json", "cut", "a@1:3", logA, logB]).results
                == #"[{"dot":"a@1:3","ended":false,"process":"a@1","suspects":[{"cause":"crash","peer":"b"}],"#
                + #""timeUSec":1795376412000000,"trusts":[]}]"# + "\n")
        #expect(control(["cut", "a@1:9", logA]).status == 1)
    }
}
