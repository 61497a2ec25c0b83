import CausalClock
import FailureDetection
import TestSupport
import Testing

@testable import Records

/// Records as bytes.
@Suite("records: encoding")
struct CodecTests {
    private static let author = Names.hosts[0]

    private static let samples: [Record] = {
        let longest = HostID(String(repeating: "h", count: 63)) ?? author
        let reports = (0..<UInt64(View.maximumSuspects)).map {
            SuspicionReport(
                subject: $0 << 58 | 1, epoch: Epoch(.max), counter: VectorClock.maximumCounter,
                verdict: Verdict(.inbound, .proved), isAfterAnother: true)
        }
        let answers = (0..<16 as Range<UInt64>).map {
            Answer(observer: .max - $0, epoch: Epoch(.max), counter: VectorClock.maximumCounter)
        }
        let addresses = (0..<8 as Range<UInt64>).map {
            MemberAddress(high: $0 % 2 * 7, low: 0x0A00_0001, port: 7946, isIPv4: $0 % 2 == 0)
        }
        let facts = MemberFacts(
            addresses: addresses, version: String(repeating: "v", count: 32), meshLimit: 65_535,
            hasLeft: true,
            answers: answers)
        var failed = ServiceFacts(
            state: .failed, cause: .core, certainty: .proved, detail: .signal(11), generation: .max,
            restarts: .max,
            sinceMicroseconds: .max)
        let dot = Dot(host: longest, epoch: Epoch(.max), counter: VectorClock.maximumCounter)
        var records = [
            Record(.view(View(suspects: reports, abstains: true, isDark: true)), at: dot),
            Record(.member(facts), at: dot), Record(removing: longest, upTo: Epoch(.max)),
            .view(by: author, 1, 1), .member(author, 1, 1),
        ]
        if let name = ServiceName(String(repeating: "s", count: 63)) {
            records.append(Record(.service(name, failed), at: dot))
            records.append(Record(.service(name, .gone), at: dot))
            for detail in [ServiceDetail.none, .status(0), .statusUnknown, .childKilled, .startsOnDemand] {
                failed.detail = detail
                records.append(Record(.service(name, failed), at: dot))
            }
        }
        return records
    }()

    private func decode(_ bytes: [UInt8]) -> [Record] {
        var decoder = RecordDecoder()
        var records: [Record] = []
        while decoder.offset < bytes.count, let record = decoder.next(bytes.span) { records.append(record) }
        return records
    }

    @Test("every kind of record is read as it was written, one after the other")
    func roundTrip() {
        var encoder = RecordEncoder()
        let bytes = Self.samples.flatMap { encoder.encode($0) }
        #expect(decode(bytes) == Self.samples)
        let lengths = Self.samples.map { encoder.encode($0).count }
        let longest = lengths.max() ?? 0
        // One suspect more would not fit.
        #expect(longest <= RecordLayout.maximumLength && longest + 33 > RecordLayout.maximumLength)
    }

    @Test("the bytes of a record are those that are documented")
    func golden() throws {
        let name = try #require(ServiceName("pg"))
        let report = ServiceFacts(
            state: .failed, cause: .signal, certainty: .proved, detail: .signal(9), generation: 3,
            restarts: 2,
            sinceMicroseconds: 300)
        var encoder = RecordEncoder()
        let record = Record(.service(name, report), at: Dot(host: Self.author, epoch: Epoch(5), counter: 130))
        let bytes = encoder.encode(record)
        #expect(
            bytes == [
                4, 2, 0x68, 0x30, 5, 0x82, 1, 2, 0x70, 0x67, 8, 0x46, 2, 2, 9, 3, 2, 0xAC, 2,
            ])
        let removal = encoder.encode(Record(removing: Self.author, upTo: Epoch(5)))
        #expect(removal == [1, 2, 0x68, 0x30, 5])
    }

    @Test("changed bytes are refused, or are another record that is written as it was read; nothing traps")
    func mutations() {
        var encoder = RecordEncoder()
        var generator = SeededGenerator(seed: 21)
        var read = 0
        for _ in 0..<4_000 {
            let sample = Self.samples[Int.random(in: 0..<Self.samples.count, using: &generator)]
            var bytes = encoder.encode(sample)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
            }
            var decoder = RecordDecoder()
            guard let record = decoder.next(bytes.span) else {
                #expect(decoder.failure != nil)
                continue
            }
            read += 1
            let written = encoder.encode(record)
            #expect(written == Array(bytes[..<decoder.offset]))
        }
        #expect(read > 100)
    }

    @Test("kinds and signatures of later versions are another refusal than damage")
    func laterForms() {
        for kind in [0, 5, 15, 0x84, 0x14] as [UInt8] {
            var decoder = RecordDecoder()
            let record = decoder.next([kind, 1, 0x61, 1].span)
            #expect(record == nil)
            #expect(decoder.failure == .unknownForm)
        }
        var decoder = RecordDecoder()
        let cutOff = decoder.next([1, 1].span)
        #expect(cutOff == nil && decoder.failure == .malformed)
        let after = decoder.next([1, 1, 0x61, 1].span)
        #expect(after == nil, "after a failure nothing is read any more")
    }

    @Test(
        "a view names no later event than its own, suspects ascend, and a service may be unknown to its host")
    func impossible() {
        var encoder = RecordEncoder()
        let report = SuspicionReport(
            subject: 5, epoch: Epoch(1), counter: 9, verdict: Verdict(.crash, .suspected))
        let dot = Dot(host: Self.author, epoch: Epoch(1), counter: 8)
        let early = encoder.encode(Record(.view(View(suspects: [report])), at: dot))
        #expect(decode(early).isEmpty)
        let twice = View(ascending: [report, report], abstains: false, isDark: false, isPartial: false)
        let later = Dot(host: Self.author, epoch: Epoch(1), counter: 9)
        let doubled = encoder.encode(Record(.view(twice), at: later))
        #expect(decode(doubled).isEmpty)
        let unknown = encoder.encode(.service(Names.services[0], of: Self.author, 1, 1, .unknown))
        #expect(decode(unknown).count == 1)
    }
}
