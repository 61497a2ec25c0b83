@testable import Metrics
import Testing

@testable import SuspectControl

/// Numbers, durations, widths and tables.
@Suite("Text")
struct TextTests {
    @Test(
        "durations are readable, and never rounded into the next unit",
        arguments: [
            (0, "0 µs"), (-5, "0 µs"), (999, "999 µs"), (1000, "1.0 ms"), (4_200, "4.2 ms"),
            (9_999, "9.9 ms"),
            (180_000, "180 ms"), (999_999, "999 ms"), (1_000_000, "1.0 s"), (4_200_000, "4.2 s"),
            (59_999_999, "59.9 s"), (60_000_000, "1 min 0 s"), (200_000_000, "3 min 20 s"),
            (3_599_999_999, "59 min 59 s"), (3_600_000_000, "1 h 0 min"), (18_120_000_000, "5 h 2 min"),
            (86_399_999_999, "23 h 59 min"), (1_047_600_000_000, "12 d 3 h"), (Int.max, "106751991 d 4 h"),
        ])
    func durations(microseconds: Int, text: String) {
        #expect(HumanDuration.text(microseconds) == text)
    }

    @Test(
        "durations are read with their unit",
        arguments: [
            ("500ms", 500_000), ("30s", 30_000_000), ("2min", 120_000_000), ("1h", 3_600_000_000), ("0s", 0),
            ("30", nil), ("s", nil), ("", nil), ("-1s", nil), ("1.5s", nil), ("3 s", nil), ("8d", nil),
            ("99999999999999999999s", nil), ("9999999999999999h", nil), ("1week", nil),
        ] as [(String, Int?)])
    func durationsRead(text: String, microseconds: Int?) {
        #expect(HumanDuration.parse(text) == microseconds)
    }

    @Test(
        "fixed digits are cut, not rounded",
        arguments: [(1999, 1000, 1, "1.9"), (1, 1000, 3, "0.001"), (5, 10, 0, "0"), (1234, 100, 2, "12.34")])
    func decimals(value: Int, unit: Int, digits: Int, text: String) {
        #expect(FixedDigits.decimal(value, unit: unit, digits: digits) == text)
    }

    @Test("shares", arguments: [(0, "0 %"), (7, "0.7 %"), (1000, "100.0 %"), (15, "1.5 %"), (-1, "0.0 %")])
    func shares(perMille: Int, text: String) {
        #expect(FixedDigits.percent(perMille: perMille) == text)
    }

    @Test(
        "the width of a text is that of the terminal",
        arguments: [
            ("", 0), ("db1", 3), ("über", 4), ("u\u{308}ber", 4), ("東京", 4), ("ｱ", 1), ("🙂", 2), ("a🙂b", 4),
            ("한국", 4), ("\u{200B}", 0), ("👩‍💻", 2),
        ])
    func widths(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test(
        "control characters never reach the terminal",
        arguments: ["a\u{1B}[2Jb", "a\nb", "a\u{202E}b", "a\u{7F}b"])
    func printable(text: String) {
        let shown = text.printable
        #expect(shown.contains("\u{FFFD}"))
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
    }

    @Test("names are sorted as people sort them: numbers by their value")
    func naturalOrder() {
        let names = ["web-10", "db", "web-2", "web-02", "db1", "web", "web-1a", "", "web-1"]
        let sorted = names.sorted { $0.isBefore($1) }
        #expect(sorted == ["", "db", "db1", "web", "web-1", "web-1a", "web-02", "web-2", "web-10"])
        for one in names { for other in names { #expect(!(one.isBefore(other) && other.isBefore(one))) } }
    }

    @Test(
        "a duration is written as it is read",
        arguments: [
            (86_400_000_000, "1d"), (90_000_000, "90s"), (600_000_000, "10min"), (1_500, "1500us"), (0, "0s"),
        ])
    func writtenDuration(microseconds: Int, text: String) {
        #expect(HumanDuration.written(microseconds) == text)
        #expect(HumanDuration.parse(text) == microseconds)
    }

    @Test("a table stays aligned with wide, long and foreign cells")
    func table() {
        var table = Table(columns: [("ID", .left), ("N", .right), ("STATE", .left)])
        table.append([Table.Cell("db1"), Table.Cell("7"), Table.Cell("trusted")])
        table.append([Table.Cell("東京-🙂"), Table.Cell("1234"), Table.Cell("")])
        table.append([Table.Cell("u\u{308}ber"), Table.Cell(""), Table.Cell("left")])
        table.append([Table.Cell("a-rather-long-peer-id.example"), Table.Cell("1"), Table.Cell("x")])
        #expect(
            table.lines(Style(isColoured: false)) == [
                "ID                                N  STATE",
                "db1                               7  trusted",
                "東京-🙂                        1234",
                "u\u{308}ber                                 left",
                "a-rather-long-peer-id.example     1  x",
            ])
    }

    @Test("colours do not change the alignment, and an empty table is nothing")
    func colouredTable() {
        var table = Table(columns: [("A", .left), ("B", .left)])
        #expect(table.lines(Style(isColoured: true)) == [])
        table.append([Table.Cell("x", ink: .red), Table.Cell("y")])
        #expect(
            table.lines(Style(isColoured: true)) == [
                "\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m", "\u{1B}[31mx\u{1B}[0m  y",
            ])
    }

    @Test(
        "colour is for terminals, without NO_COLOR",
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false),
            (true, ["NO_COLOR": ""], true), (true, ["TERM": "dumb"], false),
        ] as [(Bool, [String: String], Bool)])
    func colours(isTerminal: Bool, environment: [String: String], coloured: Bool) {
        let context = testContext(CapturedOutput(isTerminal: isTerminal), environment: environment)
        #expect(context.style.isColoured == coloured)
    }
}
