internal import ByteCoding
internal import CausalClock
internal import FailureDetection

/// The fields of a snapshot, written in the order in which `ByteReader` reads them below.
extension ByteWriter {
    mutating func snapshot(_ snapshot: MonitorSnapshot) {
        name(snapshot.id)
        fixed(snapshot.epoch.value, width: 8)
        fixed(snapshot.counter, width: 8)
        optional(snapshot.isolatedSince?.nanoseconds)
        signed(snapshot.silentCohortLastHeard.nanoseconds)
        signed(snapshot.taken.nanoseconds)
        fixed(UInt64(snapshot.clock.count), width: 4)
        for dot in snapshot.clock {
            name(dot.host)
            fixed(dot.epoch.value, width: 8)
            fixed(dot.counter, width: 8)
        }
        fixed(UInt64(snapshot.retired.count), width: 4)
        for link in snapshot.retired {
            name(link.id)
            fixed(link.last, width: 8)
        }
        fixed(snapshot.forgottenUpTo, width: 8)
        fixed(UInt64(snapshot.peers.count), width: 4)
        for peer in snapshot.peers { self.peer(peer) }
    }

    private mutating func peer(_ peer: PeerSnapshot) {
        name(peer.id)
        optional(peer.epoch.map { Int64(bitPattern: $0.value) })
        standing(peer)
        record(peer)
        timing(peer)
        text(peer.detector)
        fixed(UInt64(peer.samples.count), width: 2)
        for sample in peer.samples { signed(sample) }
        link(peer)
        byte(peer.silence == nil ? 0 : 1)
        if let silence = peer.silence { self.silence(silence) }
    }

    /// How the peer is judged.
    private mutating func standing(_ peer: PeerSnapshot) {
        byte(UInt8(PeerState.allCases.firstIndex(of: peer.state) ?? 0))
        signed(peer.since.nanoseconds)
        byte(peer.verdict.flatMap { Cause.allCases.firstIndex(of: $0.cause) }.map { UInt8($0 + 1) } ?? 0)
        byte(peer.verdict?.certainty == .proved ? 1 : 0)
        fixed(peer.suspicionEvent, width: 8)
        byte((peer.isAfterAnother ? 1 : 0) | (peer.hasVote ? 0 : 2) | (peer.isConfirmed ? 4 : 0))
    }

    /// How often it was suspected, and how rightly.
    private mutating func record(_ peer: PeerSnapshot) {
        fixed(peer.suspicions, width: 8)
        fixed(peer.mistakes, width: 8)
        fixed(peer.linkFaults, width: 8)
        fixed(peer.confirmed, width: 8)
        signed(peer.mistakeDuration.nanoseconds)
        signed(peer.trustedTime.nanoseconds)
    }

    /// When it was heard, and when it is due.
    private mutating func timing(_ peer: PeerSnapshot) {
        optional(peer.lastHeard?.nanoseconds)
        signed(peer.deadline.nanoseconds)
        optional(peer.interval?.nanoseconds)
        optional(peer.roundTrip?.nanoseconds)
        signed(peer.variation.nanoseconds)
    }

    /// The numbers of the datagrams in both directions.
    private mutating func link(_ peer: PeerSnapshot) {
        fixed(peer.received.highest, width: 8)
        fixed(peer.received.bitmap, width: 8)
        signed(peer.received.arrival.nanoseconds)
        signed(peer.received.sent.nanoseconds)
        losses(peer.received.loss)
        fixed(peer.nextSequence, width: 8)
        losses(peer.lossOut)
    }

    private mutating func silence(_ silence: SilenceSnapshot) {
        signed(silence.began.nanoseconds)
        fixed(silence.mark, width: 8)
        signed(silence.markedAt.nanoseconds)
        optional(silence.provedAlive?.nanoseconds)
        optional(silence.provedHearing?.nanoseconds)
        byte(silence.hasRestarted ? 1 : 0)
        byte(UInt8(clamping: silence.reports.count))
        for report in silence.reports.prefix(255) { statement(report) }
    }

    private mutating func statement(_ statement: WitnessStatement) {
        let testimony = statement.testimony
        name(statement.witness)
        signed(statement.arrived.nanoseconds)
        name(testimony.subject.host)
        fixed(testimony.subject.epoch.value, width: 8)
        fixed(testimony.subject.counter, width: 8)
        signed(testimony.age.nanoseconds)
        fixed(testimony.knownOfYou, width: 8)
        fixed(testimony.gotOfYou, width: 8)
        byte(testimony.isTrusted ? 1 : 0)
    }

    private mutating func losses(_ counts: LossCounts) {
        fixed(counts.expected, width: 8)
        fixed(counts.arrived, width: 8)
    }

    private mutating func signed(_ value: Int64) { fixed(UInt64(bitPattern: value), width: 8) }

    private mutating func optional(_ value: Int64?) {
        byte(value == nil ? 0 : 1)
        if let value { signed(value) }
    }

    private mutating func name(_ id: HostID) {
        byte(UInt8(id.count))
        for index in 0..<id.count { byte(id.byte(at: index)) }
    }

    private mutating func text(_ text: String) {
        let bytes = Array(text.utf8.prefix(255))
        byte(UInt8(bytes.count))
        for value in bytes { byte(value) }
    }
}

extension ByteReader {
    mutating func snapshot(_ bytes: Span<UInt8>) throws(SnapshotCodec.Fault) -> MonitorSnapshot {
        let (id, epoch) = (try name(bytes), Epoch(fixed(8, bytes)))
        let counter = fixed(8, bytes)
        let (isolated, silentCohortLastHeard) = (optional(bytes), signed(bytes))
        let taken = signed(bytes)
        var snapshot = MonitorSnapshot(
            id: id, epoch: epoch, counter: counter, taken: Instant(nanoseconds: taken))
        snapshot.isolatedSince = isolated.map { Instant(nanoseconds: $0) }
        snapshot.silentCohortLastHeard = Instant(nanoseconds: silentCohortLastHeard)
        for _ in 0..<count(bytes) {
            snapshot.clock.append(
                Dot(host: try name(bytes), epoch: Epoch(fixed(8, bytes)), counter: fixed(8, bytes)))
        }
        for _ in 0..<count(bytes) {
            snapshot.retired.append(RetiredLink(id: try name(bytes), last: fixed(8, bytes)))
        }
        snapshot.forgottenUpTo = fixed(8, bytes)
        for _ in 0..<count(bytes) { snapshot.peers.append(try peer(bytes)) }
        return snapshot
    }

    private mutating func peer(_ bytes: Span<UInt8>) throws(SnapshotCodec.Fault) -> PeerSnapshot {
        var peer = PeerSnapshot(id: try name(bytes), since: Instant(nanoseconds: 0), deadline: .never)
        peer.epoch = optional(bytes).map { Epoch(UInt64(bitPattern: $0)) }
        try readStanding(of: &peer, bytes)
        readRecord(of: &peer, bytes)
        readTiming(of: &peer, bytes)
        peer.detector = text(bytes)
        for _ in 0..<fixed(2, bytes) { peer.samples.append(signed(bytes)) }
        readLink(of: &peer, bytes)
        if byte(bytes) == 1 { peer.silence = try silence(bytes) }
        guard !failed else { throw .damaged }
        return peer
    }

    private mutating func readStanding(
        of peer: inout PeerSnapshot, _ bytes: Span<UInt8>
    ) throws(SnapshotCodec.Fault) {
        let state = Int(byte(bytes))
        guard PeerState.allCases.indices.contains(state) else { throw .damaged }
        peer.state = PeerState.allCases[state]
        peer.since = Instant(nanoseconds: signed(bytes))
        let (cause, isProved) = (Int(byte(bytes)), byte(bytes) == 1)
        guard cause <= Cause.allCases.count else { throw .damaged }
        if cause > 0 { peer.verdict = Verdict(Cause.allCases[cause - 1], isProved ? .proved : .suspected) }
        peer.suspicionEvent = fixed(8, bytes)
        let traits = byte(bytes)
        (peer.isAfterAnother, peer.hasVote) = (traits & 1 == 1, traits & 2 == 0)
        peer.isConfirmed = traits & 4 == 4
    }

    private mutating func readRecord(of peer: inout PeerSnapshot, _ bytes: Span<UInt8>) {
        peer.suspicions = fixed(8, bytes)
        peer.mistakes = fixed(8, bytes)
        peer.linkFaults = fixed(8, bytes)
        peer.confirmed = fixed(8, bytes)
        peer.mistakeDuration = TimeSpan(nanoseconds: signed(bytes))
        peer.trustedTime = TimeSpan(nanoseconds: signed(bytes))
    }

    private mutating func readTiming(of peer: inout PeerSnapshot, _ bytes: Span<UInt8>) {
        peer.lastHeard = optional(bytes).map { Instant(nanoseconds: $0) }
        peer.deadline = Instant(nanoseconds: signed(bytes))
        peer.interval = optional(bytes).map { TimeSpan(nanoseconds: $0) }
        peer.roundTrip = optional(bytes).map { TimeSpan(nanoseconds: $0) }
        peer.variation = TimeSpan(nanoseconds: signed(bytes))
    }

    private mutating func readLink(of peer: inout PeerSnapshot, _ bytes: Span<UInt8>) {
        peer.received.highest = fixed(8, bytes)
        peer.received.bitmap = fixed(8, bytes)
        peer.received.arrival = Instant(nanoseconds: signed(bytes))
        peer.received.sent = Instant(nanoseconds: signed(bytes))
        peer.received.loss = losses(bytes)
        peer.nextSequence = fixed(8, bytes)
        peer.lossOut = losses(bytes)
    }

    private mutating func silence(_ bytes: Span<UInt8>) throws(SnapshotCodec.Fault) -> SilenceSnapshot {
        var silence = SilenceSnapshot(
            began: Instant(nanoseconds: signed(bytes)), mark: fixed(8, bytes),
            markedAt: Instant(nanoseconds: signed(bytes)))
        silence.provedAlive = optional(bytes).map { Instant(nanoseconds: $0) }
        silence.provedHearing = optional(bytes).map { Instant(nanoseconds: $0) }
        silence.hasRestarted = byte(bytes) == 1
        for _ in 0..<byte(bytes) { silence.reports.append(try statement(bytes)) }
        return silence
    }

    private mutating func statement(_ bytes: Span<UInt8>) throws(SnapshotCodec.Fault) -> WitnessStatement {
        let (witness, arrived) = (try name(bytes), Instant(nanoseconds: signed(bytes)))
        let subject = Dot(host: try name(bytes), epoch: Epoch(fixed(8, bytes)), counter: fixed(8, bytes))
        var testimony = Testimony(subject: subject, age: TimeSpan(nanoseconds: signed(bytes)))
        (testimony.knownOfYou, testimony.gotOfYou) = (fixed(8, bytes), fixed(8, bytes))
        testimony.isTrusted = byte(bytes) == 1
        return WitnessStatement(witness: witness, arrived: arrived, testimony: testimony)
    }

    private mutating func losses(_ bytes: Span<UInt8>) -> LossCounts {
        LossCounts(expected: fixed(8, bytes), arrived: fixed(8, bytes))
    }

    private mutating func signed(_ bytes: Span<UInt8>) -> Int64 { Int64(bitPattern: fixed(8, bytes)) }

    private mutating func optional(_ bytes: Span<UInt8>) -> Int64? {
        byte(bytes) == 1 ? signed(bytes) : nil
    }

    /// A count of things that each take a byte at least: a larger one cannot be true.
    private mutating func count(_ bytes: Span<UInt8>) -> UInt64 {
        let count = fixed(4, bytes)
        guard count <= UInt64(bytes.count) else {
            fail()
            return 0
        }
        return count
    }

    private mutating func name(_ bytes: Span<UInt8>) throws(SnapshotCodec.Fault) -> HostID {
        let (count, start) = (Int(byte(bytes)), offset)
        skip(count, bytes)
        guard !failed, let id = HostID(bytes, at: start, count: count) else { throw .damaged }
        return id
    }

    private mutating func text(_ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        for _ in 0..<byte(bytes) { text.append(byte(bytes)) }
        return String(decoding: text, as: UTF8.self)
    }
}
