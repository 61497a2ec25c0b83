import CausalClock
import Testing
import Wire

@testable import FailureDetection
@testable import Simulation

extension CheckTrial {
    /// The same with the usual bounds noted, by which evidence is checked.
    fileprivate static func withBounds() -> CheckTrial {
        var trial = CheckTrial()
        trial.checks.noteUsualBounds(in: trial.world)
        return trial
    }

    /// Runs until the first host has just heard the second one.
    fileprivate mutating func hear() {
        repeat {
            run(.milliseconds(1))
        } while world.now - checks.evidence.reached[0][1] > .milliseconds(50)
    }

    /// The first host reports something wrong of the second one.
    fileprivate mutating func report(_ kind: Notice.Kind, _ cause: Cause) {
        var notice = Notice(
            kind: kind, dot: Dot(host: world.ids[0], epoch: Epoch(1), counter: 1),
            at: world.turnInstant)
        notice.peer = world.ids[1]
        notice.verdict = Verdict(cause, .suspected)
        checks.checkTruth(of: notice, by: 0, about: 1, after: LastReport(), in: world)
    }

    /// The first host reports that it is proved that the second one got what was sent less than a time ago.
    fileprivate mutating func reportHearing(_ ago: TimeSpan) {
        var notice = Notice(
            kind: .suspect, dot: Dot(host: world.ids[0], epoch: Epoch(1), counter: 1), at: world.turnInstant)
        notice.peer = world.ids[1]
        notice.verdict = Verdict(.inbound, .proved)
        var evidence = Evidence(
            detector: checks.settings.detector, interval: checks.settings.interval, deadline: notice.at)
        (evidence.provedAlive, evidence.provedHearing) = (notice.at - ago, notice.at - ago)
        notice.evidence = evidence
        checks.checkTruth(of: notice, by: 0, about: 1, after: LastReport(), in: world)
    }

    fileprivate var brokenPromises: Set<Breach.Promise> { Set(broken) }
}

/// The checks of evidence, bounds, quorums and continuity are shown something wrong, each.
@Suite("the checks of evidence find what is wrong")
struct EvidenceCheckTests {
    @Test("a suspicion of a host that was heard in time")
    func heardInTime() {
        var trial = CheckTrial.withBounds()
        trial.hear()
        trial.report(.suspect, .link)
        #expect(trial.brokenPromises == [.evidence, .accuracy])
    }

    @Test("the crash of a host that is still received")
    func arrival() {
        var trial = CheckTrial.withBounds()
        trial.hear()
        trial.report(.suspect, .crash)
        #expect(trial.brokenPromises == [.evidence, .accuracy, .arrival])
    }

    @Test("a vote, and the word of a crash, against a host that was sent nothing")
    func mute() throws {
        var trial = CheckTrial.withBounds()
        trial.world.block(from: 0, to: 1)
        trial.run(.milliseconds(150))
        trial.world.crash(1, refuses: false)
        trial.run(.seconds(2))
        // A host that is not heard is suspected: that is trouble that the checks do not know of.
        #expect(!trial.brokenPromises.contains(.evidence))
        var monitor = try #require(trial.world.hosts[0].endpoint?.monitor)
        trial.checks.checkMute(at: 0, of: monitor, in: trial.world)
        #expect(!trial.brokenPromises.contains(.evidence))
        monitor.peers[0].suspicion?.verdict = Verdict(.crash, .suspected)
        trial.checks.checkMute(at: 0, of: monitor, in: trial.world)
        #expect(trial.checks.breaches.count { $0.promise == .evidence } == 1)
        let vote = Opinion(
            subject: monitor.id(ofPeer: 0), epoch: Epoch(1), verdict: Verdict(.crash, .suspected),
            isAfterAnother: false, counter: 1)
        monitor.opinionBook.replace(with: [vote])
        trial.checks.checkMute(at: 0, of: monitor, in: trial.world)
        #expect(trial.checks.breaches.count { $0.promise == .evidence } == 3)
    }

    @Test("a host that was asked before nothing could be sent is suspected as ever")
    func askedBefore() {
        var trial = CheckTrial.withBounds()
        trial.world.crash(1, refuses: false)
        trial.run(.seconds(2))
        trial.world.block(from: 0, to: 1)
        trial.run(.seconds(1))
        #expect(trial.brokenPromises == [])
    }

    @Test("a monitor with parts that do not agree")
    func invariants() throws {
        var trial = CheckTrial.withBounds()
        var monitor = try #require(trial.world.hosts[0].endpoint?.monitor)
        trial.checks.checkInvariants(of: monitor, in: trial.world)
        #expect(trial.brokenPromises == [])
        monitor.silent = [trial.world.ids[1]]
        trial.checks.checkInvariants(of: monitor, in: trial.world)
        #expect(trial.brokenPromises == [.invariants])
    }

    @Test("a proof that a host gets messages which it never got; one that it got and did not believe is one")
    func hearing() throws {
        var trial = CheckTrial.withBounds()
        trial.world.cut(from: 0, to: 1)
        trial.run(.milliseconds(100))
        trial.reportHearing(.milliseconds(50))
        #expect(trial.broken.contains(.proof))
        trial.checks = CheckTrial.withBounds().checks
        trial.world.deliveries = [
            Delivery(
                from: 0, epoch: Epoch(1), isCorrupted: false, sent: trial.world.now, isRepeated: false,
                isBelieved: false, events: 1)
        ]
        trial.checks.afterTurn(of: 1, in: trial.world)
        trial.reportHearing(.milliseconds(50))
        #expect(!trial.broken.contains(.proof))
    }

    @Test("a confirmation without a quorum")
    func quorum() {
        var trial = CheckTrial.withBounds()
        trial.report(.confirm, .link)
        #expect(trial.brokenPromises == [.quorum])
    }

    @Test("a crash that goes unnoticed for longer than was said")
    func published() throws {
        var trial = CheckTrial.withBounds()
        let said = try #require(trial.checks.publishedBound(by: 0, of: 2, in: trial.world))
        #expect(said.bound > .milliseconds(200) && said.bound < .milliseconds(500))
        let crashed = trial.world.now
        trial.world.crash(2, refuses: false)
        trial.run(.milliseconds(100))
        var tooShort = said
        tooShort.bound = .milliseconds(100)
        #expect(trial.checks.slowerBound(than: tooShort, by: 0, of: 2, in: trial.world) == nil)
        trial.checks.judgePublished(tooShort, by: 0, of: 2, at: crashed, in: trial.world)
        #expect(trial.brokenPromises == [.published])
        trial.run(said.bound)
        trial.checks.judgePublished(said, by: 1, of: 2, at: crashed, in: trial.world)
        #expect(trial.checks.breaches.count == 1)
    }

    @Test("the bound is a longer one when the last messages of a crashed peer took longer than any before")
    func slower() throws {
        var trial = CheckTrial.withBounds()
        trial.world.setLink(LinkModel(delay: .milliseconds(250)), from: 2, to: 0)
        trial.run(.milliseconds(210))
        let said = try #require(trial.checks.publishedBound(by: 0, of: 2, in: trial.world))
        trial.world.crash(2, refuses: false)
        #expect(trial.checks.slowerBound(than: said, by: 0, of: 2, in: trial.world) == nil)
        trial.run(.milliseconds(260))
        let slower = try #require(trial.checks.slowerBound(than: said, by: 0, of: 2, in: trial.world))
        #expect(slower.bound > said.bound && slower.delay > said.delay)
    }

    @Test("a reload that changes what is known of a peer that stays")
    func reload() {
        var trial = CheckTrial.withBounds()
        let before = StayingPeer(place: 1, state: .trusted, since: trial.world.now, suspicions: 0)
        var after = before
        after.suspicions = 1
        trial.world.latestReload = ReloadReport(before: [before], after: [before])
        trial.checks.checkReload(at: 0, in: trial.world)
        #expect(trial.brokenPromises == [])
        trial.world.latestReload = ReloadReport(before: [before], after: [after])
        trial.checks.checkReload(at: 0, in: trial.world)
        #expect(trial.brokenPromises == [.continuity])
    }

    @Test("numbers that two processes of one incarnation use")
    func numbers() {
        var trial = CheckTrial.withBounds()
        var resumption = Resumption(
            lastEvent: 9, lastNumbers: [0, 5], firstEvent: 10, usedNumbers: [nil, 5])
        trial.checks.checkResumption(resumption, at: 0, in: trial.world)
        #expect(trial.brokenPromises == [])
        resumption.firstEvent = 9
        resumption.usedNumbers = [nil, 4]
        trial.checks.checkResumption(resumption, at: 0, in: trial.world)
        #expect(trial.brokenPromises == [.continuity] && trial.checks.breaches.count == 2)
    }

    @Test("an opinion, an isolation and a verdict that are left when all is over")
    func recovery() throws {
        var trial = CheckTrial.withBounds()
        trial.world.crash(1, refuses: false)
        trial.run(.seconds(2))
        let monitor = try #require(trial.world.hosts[0].endpoint?.monitor)
        trial.checks.judgeRecovery(of: monitor, at: 0, in: trial.world)
        #expect(trial.brokenPromises == [.recovery], "it votes, and has a verdict")
        #expect(trial.checks.breaches.count == 2)
    }
}
