internal import ByteCoding
internal import CausalClock
internal import FailureDetection

/// The opinions of a message: which hosts its sender suspects at that moment, after everything else in the clock
/// block.
///
///     uv     m              opinions, at most 64
///     m ×    id subject     strictly ascending, the sender excluded
///            uv epoch       the latest incarnation of the subject that the sender knows of; 0 when of none
///            u8 reasons     bits 0–2: cause, 0 unknown, 1 crash, 2 link, 3 inbound, others reserved; bit 3: the
///                           cause is proved; bit 4: the sender's own timeout; bit 5: after it had heard of another's
///                           suspicion of the subject; bits 6–7 are reserved and must be 0
///            uv counter     the sender's event in which it began to suspect: 1 up to the counter of this message
///
/// Every heartbeat and ping carries the whole list, so that nothing has to be acknowledged: a subject that is missing
/// is not suspected any more. Of a list that is too long, more than 64 or more than 600 bytes, the latest suspicions
/// are sent and the flag says that it is a part. The bytes are composed once for each change and kept.
struct OpinionBlock {
    static let maximumCount = 64
    /// Half of a datagram: clock entries and evidence must always get on.
    static let maximumLength = Envelope.maximumLength / 2

    /// The block, as it is appended to a message.
    private(set) var bytes: [UInt8] = [0]
    /// Whether opinions were left out for lack of space.
    private(set) var isPartial = false

    private var revision: UInt64 = 0
    private var newest: UInt64 = 0

    /// The flags that announce the block.
    var flags: UInt8 {
        MessageLayout.hasOpinions | (isPartial ? MessageLayout.opinionsArePartial : 0)
    }

    /// Composes the block anew if what is to be said has changed.
    ///
    /// - Parameters:
    ///   - opinions: which hosts the sender suspects, in ascending order.
    ///   - revision: changes with `opinions`.
    ///   - counter: the event that is the sending of the message; it cannot know of later ones.
    mutating func update(_ opinions: [Opinion], revision: UInt64, upTo counter: UInt64) {
        let isSame = revision == self.revision && newest <= counter
        guard !isSame else { return }
        let reported = opinions.filter { $0.counter <= counter }
        let chosen = Self.latest(of: reported)
        isPartial = chosen.count < reported.count
        compose(chosen)
        newest = chosen.map(\.counter).max() ?? 0
        // With an opinion held back, the next message is composed anew.
        self.revision = reported.count == opinions.count ? revision : 0
    }

    private mutating func compose(_ opinions: [Opinion]) {
        var writer = ByteWriter(capacity: Self.maximumLength)
        writer.varint(UInt64(opinions.count))
        for opinion in opinions {
            writer.host(opinion.subject)
            writer.varint(opinion.epoch.value)
            writer.byte(Self.reasons(of: opinion))
            writer.varint(opinion.counter)
        }
        bytes = writer.bytes
    }

    /// As many as there is space for, the latest suspicions first, in ascending order of subject.
    private static func latest(of opinions: [Opinion]) -> [Opinion] {
        var space = maximumLength - 1
        let chosen = opinions.sorted { $0.counter > $1.counter }.prefix(maximumCount).prefix { opinion in
            space -= length(of: opinion)
            return space >= 0
        }
        return chosen.sorted { $0.subject < $1.subject }
    }

    private static func length(of opinion: Opinion) -> Int {
        2 + opinion.subject.count + ByteWriter.varintLength(opinion.epoch.value)
            + ByteWriter.varintLength(opinion.counter)
    }
}

extension OpinionBlock {
    private static let provedBit: UInt8 = 1 << 3
    private static let ownTimeoutBit: UInt8 = 1 << 4
    private static let afterAnotherBit: UInt8 = 1 << 5
    private static let knownBits: UInt8 = 0b11_1111
    /// Causes by their number on the wire.
    private static let causes: [Cause] = [.unknown, .crash, .link, .inbound]

    private static func reasons(of opinion: Opinion) -> UInt8 {
        var reasons = UInt8(causes.firstIndex(of: opinion.verdict.cause) ?? 0)
        if opinion.verdict.certainty == .proved { reasons |= provedBit }
        if opinion.isOwnTimeout { reasons |= ownTimeoutBit }
        if opinion.isAfterAnother { reasons |= afterAnotherBit }
        return reasons
    }

    /// Reads a block into `opinions`, which keeps its capacity; what cannot be sets the reader's `failed`.
    ///
    /// - Parameters:
    ///   - reader: stands where the block begins.
    ///   - bytes: the whole datagram.
    ///   - sender: the sender of the message.
    ///   - counter: the event that was the sending of the message.
    ///   - opinions: takes what is read.
    static func read(
        _ reader: inout ByteReader, _ bytes: Span<UInt8>, sender: HostID, upTo counter: UInt64,
        into opinions: inout [Opinion]
    ) {
        let count = reader.varint(bytes)
        guard count <= UInt64(maximumCount) else { return reader.fail() }
        for _ in 0..<count where !reader.failed {
            guard let subject = reader.host(bytes) else { return }
            let epoch = Epoch(reader.varint(bytes))
            let reasons = reader.byte(bytes)
            let event = reader.varint(bytes)
            let cause = Int(reasons & 0b111)
            let isAscending = opinions.last.map { $0.subject < subject } ?? true
            guard reasons & ~knownBits == 0, cause < causes.count, subject != sender, isAscending,
                (1...max(counter, 1)).contains(event)
            else { return reader.fail() }
            opinions.append(
                Opinion(
                    subject: subject, epoch: epoch,
                    verdict: Verdict(causes[cause], reasons & provedBit != 0 ? .proved : .suspected),
                    isOwnTimeout: reasons & ownTimeoutBit != 0,
                    isAfterAnother: reasons & afterAnotherBit != 0,
                    counter: event))
        }
    }
}
