internal import ByteCoding
internal import CausalClock
internal import FailureDetection

/// Reads records as `RecordLayout` describes them; bytes from anywhere, and it never traps.
package struct RecordDecoder {
    /// Why reading ended.
    package enum Failure: Sendable, BitwiseCopyable, Hashable {
        /// The bytes are no record, or not in the one form that a record has.
        case malformed
        /// A kind of record, or a signature, that a later version writes.
        case unknownForm
    }

    private var reader: ByteReader
    /// Why the last read failed; `nil` if none has.
    package private(set) var failure: Failure?

    /// A decoder that begins at `offset`.
    package init(at offset: Int = 0) { reader = ByteReader(at: offset) }

    /// Where the next record begins.
    package var offset: Int { reader.offset }

    /// The next record; `nil` when it cannot be read, and then the rest of the bytes cannot either.
    package mutating func next(_ bytes: Span<UInt8>) -> Record? {
        guard failure == nil else { return nil }
        let kind = reader.byte(bytes)
        guard kind & ~RecordLayout.kindMask == 0, let kind = RecordKind(rawValue: kind) else {
            failure = reader.failed ? .malformed : .unknownForm
            return nil
        }
        guard let record = read(kind, bytes), !reader.failed else {
            failure = .malformed
            return nil
        }
        return record
    }

    private mutating func read(_ kind: RecordKind, _ bytes: Span<UInt8>) -> Record? {
        guard let host = reader.host(bytes) else { return nil }
        let epoch = Epoch(reader.varint(bytes))
        guard epoch.value > 0 else { return nil }
        guard kind != .removed else { return Record(removing: host, upTo: epoch) }
        let counter = reader.varint(bytes)
        guard counter > 0 else { return nil }
        let name = kind == .service ? reader.host(bytes) : nil
        guard let body = body(kind, name, bytes) else { return nil }
        let record = Record(host: host, epoch: epoch, counter: counter, body: body)
        return record.hasPossibleEvents ? record : nil
    }

    private mutating func body(_ kind: RecordKind, _ name: HostID?, _ bytes: Span<UInt8>) -> Record.Body? {
        let length = reader.varint(bytes)
        guard length <= RecordLayout.maximumValueLength, Int(length) <= bytes.count - reader.offset else {
            return nil
        }
        let end = reader.offset + Int(length)
        let body = value(kind, name, bytes)
        return reader.failed || reader.offset != end ? nil : body
    }

    private mutating func value(_ kind: RecordKind, _ name: HostID?, _ bytes: Span<UInt8>) -> Record.Body? {
        switch kind {
        case .view: return reader.view(bytes).map { .view($0) }
        case .member: return reader.member(bytes).map { .member($0) }
        case .service:
            guard let name, let report = reader.service(bytes) else { return nil }
            return .service(ServiceName(name), report)
        case .removed: return .removed
        }
    }
}

extension Record {
    /// Whether a view names no later event of its author than its own.
    fileprivate var hasPossibleEvents: Bool {
        view?.suspects.allSatisfy { $0.counter > 0 && $0.counter <= counter } ?? true
    }
}

extension ByteReader {
    fileprivate mutating func view(_ bytes: Span<UInt8>) -> View? {
        let flags = byte(bytes)
        let count = varint(bytes)
        guard flags & ~RecordLayout.viewFlags == 0, count <= View.maximumSuspects else { return nil }
        var suspects: [SuspicionReport] = []
        suspects.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let report = report(bytes), suspects.last.map({ $0.subject < report.subject }) ?? true
            else { return nil }
            suspects.append(report)
        }
        return View(
            ascending: suspects, abstains: flags & RecordLayout.abstainsBit != 0,
            isDark: flags & RecordLayout.darkBit != 0, isPartial: flags & RecordLayout.partialBit != 0)
    }

    private mutating func report(_ bytes: Span<UInt8>) -> SuspicionReport? {
        let subject = fixed(8, bytes)
        let epoch = Epoch(varint(bytes))
        let counter = varint(bytes)
        let reasons = byte(bytes)
        let cause = Int(reasons & RecordLayout.causeMask)
        guard reasons & ~RecordLayout.reasonBits == 0, cause < Cause.reported.count else { return nil }
        let certainty: Certainty = reasons & RecordLayout.provedBit != 0 ? .proved : .suspected
        return SuspicionReport(
            subject: subject, epoch: epoch, counter: counter,
            verdict: Verdict(Cause.reported[cause], certainty),
            isAfterAnother: reasons & RecordLayout.afterAnotherBit != 0)
    }

    fileprivate mutating func member(_ bytes: Span<UInt8>) -> MemberFacts? {
        let flags = byte(bytes)
        let limit = varint(bytes)
        guard flags & ~RecordLayout.leftBit == 0, let limit = UInt16(exactly: limit), limit > 0,
            let version = version(bytes)
        else { return nil }
        let addresses = list(MemberFacts.maximumAddresses, bytes) { $0.address(bytes) }
        let answers = list(MemberFacts.maximumAnswers, bytes) { $0.answer(bytes) }
        guard !failed else { return nil }
        return MemberFacts(
            addresses: addresses, version: version, meshLimit: limit,
            hasLeft: flags & RecordLayout.leftBit != 0, answers: answers)
    }

    /// Reads a number of elements, `limit` at most, and the elements.
    private mutating func list<Element>(
        _ limit: Int, _ bytes: Span<UInt8>, _ read: (inout ByteReader) -> Element?
    ) -> [Element] {
        let count = varint(bytes)
        var elements: [Element] = []
        guard count <= limit else {
            fail()
            return elements
        }
        for _ in 0..<count {
            guard let element = read(&self) else {
                fail()
                return elements
            }
            elements.append(element)
        }
        return elements
    }

    private mutating func version(_ bytes: Span<UInt8>) -> String? {
        let length = Int(byte(bytes))
        guard length <= MemberFacts.maximumVersionLength else { return nil }
        var text: [UInt8] = []
        for _ in 0..<length { text.append(byte(bytes)) }
        return text.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? String(decoding: text, as: UTF8.self) : nil
    }

    private mutating func address(_ bytes: Span<UInt8>) -> MemberAddress? {
        let family = byte(bytes)
        guard family == 4 || family == 6 else { return nil }
        let high = family == 6 ? fixed(8, bytes) : 0
        let low = fixed(family == 6 ? 8 : 4, bytes)
        let port = UInt16(truncatingIfNeeded: fixed(2, bytes))
        return MemberAddress(high: high, low: low, port: port, isIPv4: family == 4)
    }

    private mutating func answer(_ bytes: Span<UInt8>) -> Answer? {
        let observer = fixed(8, bytes)
        return Answer(observer: observer, epoch: Epoch(varint(bytes)), counter: varint(bytes))
    }

    fileprivate mutating func service(_ bytes: Span<UInt8>) -> ServiceFacts? {
        let flags = byte(bytes)
        let known = RecordLayout.stateMask | RecordLayout.stateProvedBit | RecordLayout.goneBit
        let state = ServiceState(rawValue: flags & RecordLayout.stateMask)
        let cause = ServiceCause(rawValue: byte(bytes))
        guard flags & ~known == 0, let state, let cause, let detail = detail(bytes)
        else { return nil }
        let certainty: Certainty = flags & RecordLayout.stateProvedBit != 0 ? .proved : .suspected
        var report = ServiceFacts(
            state: state, cause: cause, certainty: certainty, detail: detail, generation: varint(bytes),
            restarts: varint(bytes), sinceMicroseconds: varint(bytes))
        report.isGone = flags & RecordLayout.goneBit != 0
        return report
    }

    private mutating func detail(_ bytes: Span<UInt8>) -> ServiceDetail? {
        let kind = byte(bytes)
        let number = byte(bytes)
        switch (kind, number) {
        case (0, 0): return ServiceDetail.none
        case (1, _): return .status(number)
        case (2, 1...64): return .signal(number)
        case (3, 0): return .statusUnknown
        case (4, 0): return .childKilled
        case (5, 0): return .startsOnDemand
        default: return nil
        }
    }
}
