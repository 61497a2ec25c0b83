import StatusAPI
import Testing

@testable import SuspectControl

/// The live view on terminals of any size.
@Suite("The live view")
struct WatchViewTests {
    private func view(peers: Int, events: Int, columns: Int, rows: Int) -> WatchView {
        var model = WatchModel()
        model.status = FakeState.status
        model.peers = (0..<peers).map { Sample.peer("peer\($0)", $0 == peers - 1 ? .suspected : .trusted) }
        for number in 0..<events { model.append(Sample.event(number, .trust, "peer\(number)")) }
        return WatchView(
            model: model, nowUSec: Sample.now, size: TerminalSize(columns: columns, rows: rows))
    }

    @Test(
        "it never has more rows or columns than the terminal",
        arguments: [(1, 1), (20, 2), (20, 3), (40, 5), (80, 24), (200, 60), (5, 60)], [false, true])
    func fits(size: (Int, Int), coloured: Bool) {
        for peers in [0, 1, 5, 300] {
            let view = view(peers: peers, events: 30, columns: size.0, rows: size.1)
            let lines = view.lines(Style(isColoured: coloured))
            #expect(lines.count <= size.1)
            for line in lines { #expect(visible(line).displayWidth <= size.0, "\(line)") }
        }
    }

    private func visible(_ line: String) -> String {
        line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    @Test("the worst comes first, and the newest event")
    func order() {
        let lines = view(peers: 3, events: 3, columns: 120, rows: 24).lines(Style(isColoured: false))
        #expect(lines.count == 24)
        #expect(lines[2].hasPrefix("PEER"))
        #expect(lines[3].hasPrefix("peer2") && lines[3].contains("suspected"))
        #expect(lines[4].hasPrefix("peer0"))
        #expect(lines[7] == "Events, newest first")
        #expect(lines[8].contains("peer2") && lines[10].contains("peer0"))
        #expect(lines.last == "q quits")
    }

    @Test("peers that do not fit are counted")
    func overflow() {
        let lines = view(peers: 100, events: 0, columns: 120, rows: 10).lines(Style(isColoured: false))
        #expect(lines.contains("… 95 more peers"))
    }

    @Test("a daemon that is gone is said to be, above what was known of it")
    func gone() {
        var model = WatchModel()
        model.problem = "no daemon answers"
        let size = TerminalSize(columns: 80, rows: 10)
        let lines = WatchView(model: model, nowUSec: Sample.now, size: size).lines(Style(isColoured: false))
        #expect(lines.prefix(2) == ["suspectd  2023-11-14 22:13:20.000", "no daemon answers"])
    }

    @Test("an event of today has no date, and its reason does not repeat peer and cause")
    func brief() {
        var event = Sample.event(1, .suspect, "web-2")
        event.evidence.reason = "web-2 is suspected (crash, likely): silent for 584 ms"
        event.evidence.finding = "silent for 584 ms"
        func line(at now: Int) -> String {
            EventView(event: event, briefAtUSec: now).line(Style(isColoured: false))
        }
        #expect(line(at: Sample.now) == "22:13:15.800  suspect     web-2  crash (proved)  silent for 584 ms")
        #expect(line(at: Sample.now + 86_400_000_000).hasPrefix("2023-11-14 22:13:15.800  suspect"))
        #expect(EventView(event: event).line(Style(isColoured: false)).hasSuffix(event.evidence.reason))
        event = Sample.event(1, .confirm, "web-2")
        event.evidence = EvidenceReport(
            reason: "the suspicion of web-2 is confirmed: 3 observers suspect it independently",
            finding: "3 observers suspect it independently")
        #expect(
            line(at: Sample.now) == "22:13:15.800  confirm     web-2  3 observers suspect it independently")
    }

    @Test("the events of a long run do not pile up")
    func bounded() {
        #expect(
            view(peers: 1, events: 1000, columns: 80, rows: 24).model.events.count == WatchModel.eventLimit)
    }

    @Test(
        "at 80 columns every column that is shown is whole, what is said most urgently is there, and long lines end in …"
    )
    func narrow() {
        var model = view(peers: 4, events: 2, columns: 80, rows: 24).model
        for index in model.peers.indices {
            model.peers[index].id = "storage-node-\(index + 1)"
            model.peers[index].deadlineUSec = Sample.now + 100_000
            model.peers[index].detectionTimeBoundUSec = 420_000
        }
        model.peers[3].confirmed = true
        model.events[0].evidence.reason = String(repeating: "a long reason ", count: 9)
        let lines = WatchView(model: model, nowUSec: Sample.now, size: TerminalSize(columns: 80, rows: 24))
            .lines(Style(isColoured: false))
        let titles = lines[2].split(separator: "  ").map { $0.drop { $0 == " " } }
        #expect(
            titles.allSatisfy { title in PeersColumn.allCases.contains { $0.title == title } }, "\(titles)")
        for column in [PeersColumn.peer, .state, .cause, .duration, .deadline, .heard, .bound] {
            #expect(titles.contains { $0 == column.title }, "\(column.title) is missing: \(lines[2])")
        }
        #expect(lines[3].hasPrefix("storage-node-4  confirmed"))
        #expect(lines.contains { $0.hasSuffix("…") && $0.contains("a long reason") })
        #expect(lines.allSatisfy { $0.displayWidth <= 80 })
    }

    @Test("a wide terminal has every column")
    func wide() {
        let lines = view(peers: 3, events: 0, columns: 140, rows: 24).lines(Style(isColoured: false))
        for column in PeersColumn.allCases { #expect(lines[2].contains(column.title)) }
    }

    @Test("sixty peers scroll to the last one, in the order of their numbers, and events stay visible")
    func scrolling() {
        var view = view(peers: 60, events: 40, columns: 80, rows: 24)
        view = WatchView(model: view.model, nowUSec: view.nowUSec, size: view.size)
        let top = view.lines(Style(isColoured: false))
        #expect(top[3].hasPrefix("peer59 ") && top[4].hasPrefix("peer0 ") && top[6].hasPrefix("peer2 "))
        #expect(top.contains("Events, newest first") && top.contains { $0.contains("more peers") })
        #expect(top.last?.contains("scroll") == true)
        view.offset = view.lastOffset
        let bottom = view.lines(Style(isColoured: false))
        #expect(bottom.contains { $0.hasPrefix("peer58 ") } && !bottom.contains { $0.contains("more peers") })
        #expect(bottom[2].hasPrefix("PEER") && bottom.contains("Events, newest first"))
    }

    @Test("keys scroll within the list, and q, Control-D and a terminal that is gone end the view")
    func keys() {
        var keys = WatchKeys()
        keys.bound(by: 15)
        func press(_ text: String) -> Int {
            let ends = keys.take(Array(text.utf8))
            #expect(!ends)
            return keys.offset
        }
        #expect(press("\u{1B}[A") == 0 && press("\u{1B}[B") == 1 && press("\u{1B}[6~") == 11)
        #expect(press("\u{1B}[6~") == 15 && press("g") == 0 && press("G") == 15 && press("x") == 15)
        keys.bound(by: 3)
        #expect(keys.offset == 3)
        for end in [[UInt8(ascii: "q")], [4], []] as [[UInt8]] {
            let ends = keys.take(end)
            #expect(ends)
        }
    }

    @Test("a terminal without UTF-8 gets ASCII, of the same width")
    func plainTerminal() {
        let lines = view(peers: 60, events: 5, columns: 80, rows: 24).lines(Style(isColoured: false))
        for line in lines {
            #expect(line.inASCII.allSatisfy(\.isASCII) && line.inASCII.displayWidth == line.displayWidth)
        }
        func isUnicode(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
            testContext(CapturedOutput(isTerminal: isTerminal), environment: environment).isUnicode
        }
        #expect(isUnicode(true, ["LANG": "de_DE.UTF-8"]) && isUnicode(true, ["LANG": "C.utf8"]))
        #expect(!isUnicode(true, ["LC_ALL": "C", "LANG": "de_DE.UTF-8"]) && !isUnicode(true, [:]))
        #expect(isUnicode(false, [:]) && !isUnicode(false, ["LC_ALL": "C"]))
    }
}
