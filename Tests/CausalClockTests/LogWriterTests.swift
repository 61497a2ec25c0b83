import CausalClock
import Testing

@Suite("writing a log")
struct LogWriterTests {
    private let me = HostID("n1")
    private let other = HostID("n2")

    /// Sends, receives and suspects, and returns the log of it.
    private func log(period: Int, events: Int, isExact: Bool = true) throws
        -> [CausalLogEntry]
    {
        var writer = CausalLogWriter(fullClockPeriod: period)
        var clock = VectorClock(owner: try #require(me), epoch: Epoch(7))
        var bytes: [UInt8] = []
        for number in 1...events {
            let sending = Dot(host: try #require(other), epoch: Epoch(5), counter: UInt64(number))
            let isReceive = number % 3 == 0
            if isReceive { clock.merge(sending) }
            clock.tick()
            let kind: LoggedEventKind =
                number == 1 ? .start : isReceive ? .receive : number % 10 == 5 ? .trust : .send
            writer.append(
                clock.counter, clock: clock, advanced: isReceive ? [sending] : [], isExact: isExact,
                .init(kind, timeUSec: 5, from: isReceive ? sending : nil, peer: other, peerEpoch: Epoch(5)),
                to: &bytes)
        }
        return entries(of: String(decoding: bytes, as: UTF8.self))
    }

    @Test("what rose is logged, and now and then the whole; both give the same clocks")
    func forms() throws {
        let small = try log(period: 8, events: 60)
        let whole = try log(period: 1, events: 60)
        #expect(Set(small.map(\.form)) == [.delta, .full])
        #expect(Set(whole.map(\.form)) == [.full])
        let (rebuilt, logged) = (LogHistory(small), LogHistory(whole))
        let process = try #require(logged.process(ProcessName("n2@5")))
        for index in whole.indices {
            #expect(rebuilt.known(index, of: process) == logged.known(index, of: process))
            #expect(rebuilt.events[index].isExact)
        }
        var run = 0
        for entry in small {
            run = entry.form == .full ? 0 : run + 1
            #expect(run < 8)
        }
    }

    @Test("a reader that has lost the files before begins at the next whole clock")
    func lateReader() throws {
        let history = LogHistory(Array(try log(period: 8, events: 60).dropFirst(21)))
        #expect(history.events.prefix(8).contains { !$0.isExact })
        #expect(!history.events.dropFirst(8).contains { !$0.isExact })
    }

    @Test("every change of state has its whole clock, and its peer")
    func statesAreWhole() throws {
        let states = try log(period: 8, events: 60).filter { $0.kind?.isStateChange == true }
        #expect(Set(states.compactMap(\.kind)) == [.start, .trust])
        #expect(Set(states.map(\.form)) == [.full])
        #expect(states.first?.peer == ProcessName("n2@5"))
    }

    @Test("a clock that may not be whole says so")
    func partial() throws {
        #expect(
            Set(try log(period: 8, events: 20, isExact: false).map(\.form)) == [.partial])
    }
}

@Suite("the names of logs")
struct LogNamesTests {
    private func names(keep: Int) throws -> CausalLogNames {
        CausalLogNames(try #require(HostID("n1")), Epoch(700), keep: keep)
    }

    @Test("full files are numbered upwards")
    func next() throws {
        let names = try names(keep: 3)
        #expect(names.current == "n1@700-Log.txt")
        #expect(names.next(in: []) == "n1@700.1-Log.txt")
        #expect(
            names.next(in: ["n1@700.1-Log.txt", "n1@700.10-Log.txt", "n1@600.77-Log.txt", "x"])
                == "n1@700.11-Log.txt")
    }

    @Test("the oldest go first, earlier incarnations before later ones, and never anything else")
    func surplus() throws {
        let present = [
            "n1@700-Log.txt", "n1@700.2-Log.txt", "n1@700.10-Log.txt", "n1@99-Log.txt", "n1@99.4-Log.txt",
            "n10@1-Log.txt", "n1@x-Log.txt", "n1@-Log.txt", "n1@1.-Log.txt", "n1@1.2.3-Log.txt",
            "n1@700-Log.txt.new",
            "epoch", "n1@18446744073709551616-Log.txt",
        ]
        #expect(
            try names(keep: 0).surplus(in: present) == [
                "n1@99.4-Log.txt", "n1@99-Log.txt", "n1@700.2-Log.txt", "n1@700.10-Log.txt",
            ])
        #expect(try names(keep: 3).surplus(in: present) == ["n1@99.4-Log.txt"])
        #expect(try names(keep: 9).surplus(in: present).isEmpty)
    }
}
