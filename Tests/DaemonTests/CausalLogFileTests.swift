import CausalClock
import FailureDetection
import TestSupport
import Testing

@testable import Daemon

/// What the thread makes of the events that the loop hands over.
@Suite("files of the causal log")
struct CausalLogFileTests {
    private let host = HostID("a")
    private let peer = HostID("b")

    private func note(_ kind: LoggedEventKind, _ incarnation: UInt64, _ counter: UInt64) throws
        -> LogBatch.Item
    {
        let clock = VectorClock(owner: try #require(host), epoch: Epoch(incarnation), counter: counter)
        return .event(EventRecord(kind, at: Instant(nanoseconds: 0), on: clock), timeUSec: 0, text: "")
    }

    private func settings(_ folder: TestFolder) throws -> CausalLogSettings {
        CausalLogSettings(
            host: try #require(host), epoch: Epoch(7), directory: folder.path, fileSize: 1 << 20, files: 1,
            statesOnly: false)
    }

    @Test(
        "each incarnation has a file of its own, also when it begins while the daemon runs, and knows what was known"
    )
    func incarnations() throws {
        let folder = try TestFolder()
        var file = CausalLogFile(try settings(folder), output: try OutputThread().sender)
        var batch = LogBatch()
        batch.append(try note(.start, 7, 1))
        let known = Dot(host: try #require(peer), epoch: Epoch(3), counter: 4)
        batch.append(.anew([known], lost: 0))
        for (incarnation, counter) in [(7, 2), (8, 1), (8, 2)] as [(UInt64, UInt64)] {
            batch.append(try note(.config, incarnation, counter))
        }
        file.write(batch)
        let (first, second) = (
            textOfFile("\(folder.path)/a@7-Log.txt"), textOfFile("\(folder.path)/a@8-Log.txt")
        )
        #expect(first.split(separator: "\n").count == 4)
        #expect(first.contains("a@7 {\"a@7\":2, \"b@3\":4}\n"))
        #expect(second.hasPrefix("a@8 {\"a@8\":1, \"b@3\":4}\n"))
        #expect(second.split(separator: "\n").count == 4)
    }

    @Test("events that were lost on the way are reported by the next entry, with the whole clock")
    func lost() throws {
        let folder = try TestFolder()
        var file = CausalLogFile(try settings(folder), output: try OutputThread().sender)
        var batch = LogBatch()
        batch.append(try note(.start, 7, 1))
        batch.append(.anew([], lost: 40))
        batch.append(try note(.send, 7, 42))
        file.write(batch)
        #expect(textOfFile("\(folder.path)/a@7-Log.txt").hasSuffix("Z SEND lost=40\n"))
    }
}
