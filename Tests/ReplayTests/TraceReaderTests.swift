import TestSupport
import Testing

@testable import Replay

@Suite("reading traces")
struct TraceReaderTests {
    private let small = """
        seq,send_ns,recv_ns
        5,1000,1400
        6,1100,
        7,1200,1500
        9,1400,1900

        """

    @Test("plain and compressed are the same", arguments: [false, true])
    func formats(isCompressed: Bool) throws {
        let name = isCompressed ? "link.csv.gz" : "link.csv"
        let file = try TraceFile(small, isCompressed: isCompressed, name: name)
        let trace = try TraceReader.read(file.path)
        #expect(trace.name == "link")
        #expect(trace.fresh.map(\.number) == [5, 7, 9])
        #expect(trace.fresh.map(\.sent) == [1_000, 1_200, 1_400])
        #expect(trace.fresh.map(\.arrived) == [1_400, 1_500, 1_900])
        #expect(trace.sentCount == 4 && trace.lostCount == 1 && trace.interval == 100)
        if isCompressed { #expect(file.contents.starts(with: [0x1F, 0x8B])) }
    }

    @Test("lines may end as on Windows, and the last one not at all")
    func lineEnds() throws {
        let text = small.split(separator: "\n").joined(separator: "\r\n")
        #expect(try TraceReader.read(text: text).fresh.count == 3)
    }

    @Test("a given interval replaces the mean")
    func interval() throws {
        #expect(try TraceReader.read(text: small, interval: 250).interval == 250)
        #expect(throws: TraceError.self) { try TraceReader.read(text: small, interval: .nan) }
    }

    @Test(
        "a bad line is an error that names the file and the line",
        arguments: [
            ("", "1,2,3\n", 1, "header"), ("seq,send_ns\n", "", 1, "header"),
            ("5,1000,1400\n", "6,abc,7\n", 3, "send_ns is no integer: `abc`"),
            ("5,1000,1400\n", "6,7\n", 3, "2 columns"), ("", "6,7,8,9\n", 2, "more than 3"),
            ("", "\n6,7,8\n", 2, "columns"), ("", "-6,7,8\n", 2, "seq is negative"),
            ("", "6,,8\n", 2, "send_ns is no integer: it is empty"), ("", "6,-,8\n", 2, "send_ns"),
            ("", "6,7,8 \n", 2, "recv_ns is no integer"), ("", "6,7,0x8\n", 2, "recv_ns"),
            ("", "99999999999999999999,7,8\n", 2, "seq is too large"),
            ("", "6,9223372036854775807,8\n", 2, "send_ns is too large"),
            ("5,1000,1400\n", "6,3000000000000000000,8\n", 3, "years"),
            ("5,1000,1400\n", "6,1100,3000000000000000000\n", 3, "years"),
            ("5,1000,1400\n", String(repeating: "7", count: 300), 3, "more than 256 bytes"),
            ("", "6,\u{1B}[31m,8\n", 2, "`?[31m`"),
        ])
    func badLines(before: String, bad: String, line: Int, problem: String) throws {
        let isHeader = line == 1
        let file = try TraceFile((isHeader ? "" : "seq,send_ns,recv_ns\n") + before + bad)
        let error = #expect(throws: TraceError.self) { try TraceReader.read(file.path) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("\(file.path):\(line): ") && text.contains(problem), "\(text)")
    }

    @Test(
        "a trace that says nothing is an error",
        arguments: ["", "5,1,\n6,2,\n", "5,1,2\n", "5,1,2\n5,3,4\n", "6,5,5\n9,1,6\n"])
    func nothing(lines: String) throws {
        let file = try TraceFile("seq,send_ns,recv_ns\n" + lines)
        let error = #expect(throws: TraceError.self) { try TraceReader.read(file.path) }
        guard case .tooShort = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("what is no file, is cut off or damaged is an error with its cause")
    func unreadable() throws {
        let lines = (0..<5_000).map { "\($0),\($0 * 100),\($0 * 100 + $0 % 37)\n" }.joined()
        let whole = try TraceFile("seq,send_ns,recv_ns\n" + lines, isCompressed: true).contents
        var damaged = whole
        for index in whole.count / 2..<whole.count / 2 + 40 { damaged[index] ^= 0x5A }
        for bytes in [Array(whole.prefix(whole.count / 2)), damaged] {
            let file = try TraceFile(bytes)
            let error = #expect(throws: TraceError.self) { try TraceReader.read(file.path) }
            guard case .unreadable = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        for path in ["/nonexistent/trace.csv", "/", "/dev/zero"] {
            let error = #expect(throws: TraceError.self) { try TraceReader.read(path) }
            #expect(error.map { "\($0)" }?.hasPrefix("\(path): cannot be read: ") == true)
        }
    }

    @Test("no mutated file crashes the reader or what follows", arguments: 1...300 as ClosedRange<UInt64>)
    func mutated(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(
            ("seq,send_ns,recv_ns\n"
                + (0..<20).map { "\($0),\($0 * 100),\($0 % 4 == 1 ? "" : "\($0 * 100 + 50)")\n" }.joined())
                .utf8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let index = Int.random(in: 20..<bytes.count, using: &generator)
            switch UInt8.random(in: 0..<4, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            case 2: bytes[index] = UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &generator)
            default: bytes.insert(contentsOf: repeatElement(UInt8(ascii: "9"), count: 16), at: index)
            }
        }
        let file = try TraceFile(bytes)
        guard let trace = try? TraceReader.read(file.path) else { return }
        for form in DetectorForm.allCases { _ = try? trace.quality(form, 1) }
        _ = try? FrontierPlot(trace, sweeps: Sweep.all(over: trace), bound: ClairvoyantBound(trace, steps: 5))
            .svg
    }

    @Test("stamps at the edges of their range cross every detector without a trap")
    func edges() throws {
        let far = TraceReader.widestSpread - 100
        let rows = (0..<60).map { beat -> String in
            let isFar = beat % 7 == 3
            return "\(isFar ? 3_999_999_999_999_999_000 : beat),\((isFar ? far : 0) + Int64(beat)),"
                + "\((beat % 5 == 2 ? far : -far) + Int64(beat))\n"
        }
        let text = "seq,send_ns,recv_ns\n0,0,0\n" + rows.joined() + "1000,100000,500\n"
        let trace = try TraceReader.read(text: text)
        for form in DetectorForm.allCases {
            let quality = try? trace.quality(form, 100)
            #expect(quality.map { $0.meanDetectionTime.isFinite } ?? true)
        }
        _ = try? FrontierPlot(trace, sweeps: Sweep.all(over: trace), bound: ClairvoyantBound(trace, steps: 5))
            .svg
    }
}
