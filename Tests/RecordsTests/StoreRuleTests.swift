import CausalClock
import FailureDetection
import Testing

@testable import Records

/// What a store refuses, reports and answers.
@Suite("records: rules of the store")
struct StoreRuleTests {
    private let owner = Names.hosts[11]
    private let author = Names.hosts[0]
    private let context = Names.context(of: Names.hosts[11], event: 100)

    @Test("two values of one event: the smaller hash is kept in either order, and a conflict is reported")
    func conflict() {
        let (first, second) = (
            Record.service(Names.services[0], of: author, 1, 5, .up),
            Record.service(Names.services[0], of: author, 1, 5, .failed)
        )
        var kept: [Record] = []
        for records in [[first, second], [second, first]] {
            var store = Names.store(of: owner)
            _ = store.merge(records[0], in: context)
            let merged1 = store.merge(records[1], in: context)
            #expect(merged1.conflict == author)
            kept += store.contents
        }
        #expect(kept.count == 2 && kept[0] == kept[1])
    }

    @Test("each reason to refuse a record is counted")
    func refusals() {
        var store = Names.store(of: owner)
        store.maximumSuspects = 2
        let stranger = HostID("stranger") ?? owner
        let cases: [(RecordRefusal, Record)] = [
            (.epochAhead, .member(author, 1_001, 1)),
            (.epochAhead, Record(removing: author, upTo: Epoch(1_001))),
            (.counterOutOfRange, .member(author, 1, VectorClock.maximumCounter + 1)),
            (.counterOutOfRange, .member(author, 1, 0)),
            (.stranger, .view(by: stranger, 1, 1)),
            (.retired, .member(Names.hosts[1], 2, 1)),
            (.tooManySuspects, .view(by: author, 1, 9, suspects: Array(Names.hosts[3...5]))),
        ]
        _ = store.merge(Record(removing: Names.hosts[1], upTo: Epoch(2)), in: context)
        for (reason, record) in cases {
            let merged2 = store.merge(record, in: context)
            #expect(merged2.effect == .refused(reason))
        }
        #expect(store.refusals.total == UInt64(cases.count))
        #expect(store.refusals[.epochAhead] == 2 && store.refusals[.counterOutOfRange] == 2)
    }

    @Test("removals of hosts that are no members are kept, up to a bound; members' are kept in any case")
    func strangeRemovals() {
        var store = Names.store(of: owner)
        for number in 0...RecordStore.maximumStrangeRemovals {
            guard let host = HostID("x\(number)") else { continue }
            _ = store.merge(Record(removing: host, upTo: Epoch(1)), in: context)
        }
        #expect(store.refusals[.tooManyRemovals] == 1)
        let merged3 = store.merge(Record(removing: author, upTo: Epoch(1)), in: context)
        #expect(merged3.isAccepted)
    }

    @Test("a record in our own name that we did not write is a conflict, and is not taken in")
    func ownName() {
        var store = Names.store(of: owner)
        store.write(.member(owner, 1, 50))
        let forged: [Record] = [
            .member(owner, 1, 50, version: "other"), .member(owner, 1, 60), .member(owner, 2, 1),
            .service(Names.services[0], of: owner, 1, 10),
        ]
        for record in forged {
            let outcome = store.merge(record, in: context)
            #expect(outcome.effect == .ownName && outcome.conflict == owner)
        }
        let merged4 = store.merge(.member(owner, 1, 50), in: context)
        #expect(merged4 == MergeOutcome(.known))
        let merged5 = store.merge(.member(owner, 1, 49), in: context)
        #expect(merged5 == MergeOutcome(.outdated))
        #expect(store.contents == [.member(owner, 1, 50)])
    }

    @Test("what the process before wrote in our name is overridden without a conflict")
    func resumed() {
        let resumed = Dot(host: owner, epoch: Epoch(1), counter: 40)
        var store = RecordStore(owner: owner, hash: Names.hash, resumedThrough: resumed)
        let outcome = store.merge(.member(owner, 1, 40), in: context)
        #expect(outcome.effect == .ownName && outcome.conflict == nil)
        let merged6 = store.merge(.member(owner, 1, 41), in: context)
        #expect(merged6.conflict == owner)
    }

    @Test("our own removal is kept, and nothing is written any more in that incarnation")
    func ownRemoval() {
        var store = Names.store(of: owner)
        store.write(.member(owner, 1, 1))
        let merged7 = store.merge(Record(removing: owner, upTo: Epoch(1)), in: context)
        #expect(merged7.isAccepted)
        let written8 = store.write(.member(owner, 1, 2))
        #expect(!written8)
        let written9 = store.write(.member(owner, 2, 1))
        #expect(written9)
    }

    @Test("a report about a removed incarnation is none; one about a later incarnation is")
    func retiredReports() {
        var store = Names.store(of: owner)
        let subject = Names.hosts[1]
        _ = store.merge(.view(by: author, 1, 5, suspects: [subject], suspected: 2), in: context)
        #expect(store.report(by: author, about: subject) != nil)
        _ = store.merge(Record(removing: subject, upTo: Epoch(2)), in: context)
        #expect(store.report(by: author, about: subject) == nil)
        _ = store.merge(.view(by: author, 1, 6, suspects: [subject], suspected: 3), in: context)
        #expect(store.report(by: author, about: subject) != nil)
    }

    @Test("a report is answered by the member record that names it, and by no other")
    func answers() throws {
        var store = Names.store(of: owner)
        let subject = Names.hosts[1]
        _ = store.merge(.view(by: author, 3, 5, suspects: [subject]), in: context)
        let report = try #require(store.report(by: author, about: subject))
        let answer = Answer(observer: Names.hash.of(host: author), epoch: Epoch(3), counter: report.counter)
        let wrong = Answer(observer: answer.observer, epoch: Epoch(2), counter: report.counter)
        #expect(!store.answersNews(.member(subject, 1, 8, answers: [wrong])))
        #expect(store.answersNews(.member(subject, 1, 8, answers: [wrong, answer])))
        _ = store.merge(.member(subject, 1, 8), in: context)
        #expect(!store.isAnswered(report, by: author, about: subject), "a later event proves nothing")
        _ = store.merge(.member(subject, 1, 9, answers: [answer]), in: context)
        #expect(store.isAnswered(report, by: author, about: subject))
        #expect(!store.answersNews(.member(subject, 1, 10, answers: [answer])), "it was answered before")
    }

    @Test("going back and forth between two answers is no news")
    func alternating() throws {
        var store = Names.store(of: owner)
        let subject = Names.hosts[1]
        let observers = Names.hosts[2...3]
        for observer in observers {
            _ = store.merge(.view(by: observer, 1, 5, suspects: [subject]), in: context)
        }
        let answers = observers.map {
            Answer(observer: Names.hash.of(host: $0), epoch: Epoch(1), counter: 1)
        }
        let first = Record.member(subject, 1, 10, answers: [answers[0]])
        #expect(store.answersNews(first))
        _ = store.merge(first, in: context)
        #expect(!store.answersNews(.member(subject, 1, 11, answers: [answers[1]])))
        #expect(store.answersNews(.member(subject, 1, 11, answers: answers)))
    }

    @Test("a view and services of an earlier incarnation are void as soon as a later one is known")
    func earlierIncarnation() {
        var store = Names.store(of: owner)
        _ = store.merge(.view(by: author, 1, 5, suspects: [Names.hosts[1]]), in: context)
        _ = store.merge(.service(Names.services[0], of: author, 1, 6), in: context)
        _ = store.merge(.member(author, 2, 1), in: context)
        #expect(store.contents == [.member(author, 2, 1)])
        let merged10 = store.merge(.view(by: author, 1, 9), in: context)
        #expect(merged10.effect == .outdated)
    }

    @Test("of too many suspects the latest are in a view, and it says that it is a part")
    func partialView() {
        let reports = (1...80 as ClosedRange<UInt64>).map {
            SuspicionReport(
                subject: 100 - $0, epoch: Epoch(1), counter: $0, verdict: .init(.crash, .suspected))
        }
        let view = View(suspects: reports)
        #expect(view.isPartial && view.suspects.count == 64)
        #expect(view.suspects.map(\.counter).min() == 17)
        #expect(view.report(about: 100 - 17) != nil && view.report(about: 100 - 16) == nil)
        let longest = View(
            suspects: reports.map { report in
                var report = report
                report.epoch = Epoch(.max)
                return report
            })
        #expect(longest.isPartial && longest.suspects.count < View.maximumSuspects)
    }
}
