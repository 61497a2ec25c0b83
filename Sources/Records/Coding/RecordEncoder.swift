internal import ByteCoding
internal import CausalClock
internal import FailureDetection

/// Writes records as `RecordLayout` describes them.
package struct RecordEncoder: Sendable {
    private var writer = ByteWriter(capacity: RecordLayout.maximumLength)
    private var value = ByteWriter(capacity: RecordLayout.maximumValueLength)

    /// An encoder that keeps its storage from record to record.
    package init() {}

    /// The bytes of `record`.
    package mutating func encode(_ record: Record) -> [UInt8] {
        writer.removeAll()
        writer.byte(record.key.kind.rawValue)
        writer.host(record.host)
        writer.varint(record.epoch.value)
        switch record.body {
        case .removed: return writer.bytes
        case .view(let view): writeValue(of: record) { $0.write(view) }
        case .member(let facts): writeValue(of: record) { $0.write(facts) }
        case .service(let name, let report): writeValue(of: record, name) { $0.write(report) }
        }
        return writer.bytes
    }

    private mutating func writeValue(
        of record: Record, _ name: ServiceName? = nil, _ write: (inout ByteWriter) -> Void
    ) {
        writer.varint(record.counter)
        if let name { writer.host(name.text) }
        value.removeAll()
        write(&value)
        writer.varint(UInt64(value.count))
        writer.append(value)
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ view: View) {
        var flags: UInt8 = 0
        if view.abstains { flags |= RecordLayout.abstainsBit }
        if view.isDark { flags |= RecordLayout.darkBit }
        if view.isPartial { flags |= RecordLayout.partialBit }
        byte(flags)
        varint(UInt64(view.suspects.count))
        for report in view.suspects { write(report) }
    }

    private mutating func write(_ report: SuspicionReport) {
        fixed(report.subject, width: 8)
        varint(report.epoch.value)
        varint(report.counter)
        var reasons = report.verdict.cause.number
        if report.verdict.certainty == .proved { reasons |= RecordLayout.provedBit }
        if report.isAfterAnother { reasons |= RecordLayout.afterAnotherBit }
        byte(reasons)
    }

    fileprivate mutating func write(_ facts: MemberFacts) {
        byte(facts.hasLeft ? RecordLayout.leftBit : 0)
        varint(UInt64(facts.meshLimit))
        let version = Array(facts.version.utf8)
        byte(UInt8(version.count))
        append(version)
        varint(UInt64(facts.addresses.count))
        for address in facts.addresses { write(address) }
        varint(UInt64(facts.answers.count))
        for answer in facts.answers {
            fixed(answer.observer, width: 8)
            varint(answer.epoch.value)
            varint(answer.counter)
        }
    }

    private mutating func write(_ address: MemberAddress) {
        byte(address.isIPv4 ? 4 : 6)
        if !address.isIPv4 { fixed(address.high, width: 8) }
        fixed(address.low, width: address.isIPv4 ? 4 : 8)
        fixed(UInt64(address.port), width: 2)
    }

    fileprivate mutating func write(_ report: ServiceFacts) {
        var state = report.state.rawValue
        if report.certainty == .proved { state |= RecordLayout.stateProvedBit }
        if report.isGone { state |= RecordLayout.goneBit }
        byte(state)
        byte(report.cause.rawValue)
        byte(report.detail.kind)
        byte(report.detail.number)
        varint(report.generation)
        varint(report.restarts)
        varint(report.sinceMicroseconds)
    }
}

extension Cause {
    /// The causes that reports name, by their numbers.
    static let reported: [Cause] = [.unknown, .crash, .link, .inbound, .daemon]

    /// Its number in a report; what no report names is unknown.
    fileprivate var number: UInt8 { UInt8(Self.reported.firstIndex(of: self) ?? 0) }
}

extension ServiceDetail {
    fileprivate var kind: UInt8 {
        switch self {
        case .none: 0
        case .status: 1
        case .signal: 2
        case .statusUnknown: 3
        case .childKilled: 4
        case .startsOnDemand: 5
        }
    }

    fileprivate var number: UInt8 {
        switch self {
        case .status(let number), .signal(let number): number
        case .none, .statusUnknown, .childKilled, .startsOnDemand: 0
        }
    }
}
