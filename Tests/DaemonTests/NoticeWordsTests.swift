import CausalClock
import LinuxIO
import Records
import StatusAPI
import Systemd
import Testing

@testable import Daemon
@testable import FailureDetection

@Suite("words for notices")
struct NoticeWordsTests {
    @Test("a peer that is not heard is not said to send from another address, and one that left not at all")
    func otherAddress() {
        let (present, source) = (
            SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 1),
            SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 2)
        )
        let text = { Wording.move(from: present, to: source, in: $0) }
        #expect(text(.trusted).contains("it sends from 127.0.0.1:2, and acknowledges nothing"))
        #expect(text(.suspected).contains("it last sent from 127.0.0.1:2"))
        #expect(!text(.suspected).contains("speaks") && text(.left).isEmpty)
    }

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

    @Test(
        "a service of which nothing is known has an entry in the catalogue that does not say that all is well"
    )
    func unknownService() {
        #expect(ServiceNote(.unknown, isFirst: false).id == .serviceUnknown)
        #expect(ServiceNote(.stopping, isFirst: false).id == .service)
    }

    @Test("long times are in days")
    func days() {
        #expect(Wording.duration(.seconds(3_650 * 86_400)) == "3650 d")
        #expect(Wording.duration(.seconds(47 * 3_600)) == "47 h")
    }
}
