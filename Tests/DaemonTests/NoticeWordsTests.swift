import CausalClock
import StatusAPI
import Testing

@testable import Daemon
@testable import FailureDetection

@Suite("words for notices")
struct NoticeWordsTests {
    @Test("a kind of notice has one word: in the core, in the causal log and on the status socket")
    func words() {
        for kind in Notice.Kind.allCases {
            // That a target cannot be kept is something that the configuration asks for.
            let word = kind == .target ? "config" : kind.rawValue
            #expect(kind.logged.rawValue == word.uppercased())
            #expect(kind.report.event.rawValue == word)
        }
    }

    @Test("what the causal log reports of the beliefs of a daemon, its status socket reports too")
    func events() {
        // A message and a record are no beliefs; what a record says of a service, the socket reports as that.
        for kind in LoggedEventKind.allCases where ![.send, .receive, .record].contains(kind) {
            let word = kind.rawValue.lowercased()
            #expect(ReportedEventKind.allCases.contains { $0.rawValue == word }, "\(word)")
        }
    }
}
