package import CausalClock
internal import FailureDetection
internal import Records

/// What a datagram is for: by which a simulator counts it; no part of the protocol.
package enum DatagramPurpose: Int, Sendable, CaseIterable {
    /// A regular message.
    case heartbeat
    /// A question for a sign of life.
    case ping
    /// The answer to it.
    case pong
    /// A goodbye.
    case leave
    /// Records; those that end a repair among them, as they look alike on the wire.
    case records
    /// A step of a repair: nodes, hashes or a question for records.
    case repair

    /// What a sound datagram to `addressee` is for that carries a checksum and no seal; `nil` for any other.
    package init?(of datagram: Span<UInt8>, to addressee: HostID) {
        guard Envelope.refusal(of: datagram, isSealed: false) == nil else { return nil }
        switch datagram[Envelope.headerLength] {
        case MessageLayout.heartbeat: self = .heartbeat
        case MessageLayout.ping: self = .ping
        case MessageLayout.pong: self = .pong
        case MessageLayout.leave: self = .leave
        case MessageLayout.records:
            var decoder = MessageDecoder()
            let message = try? decoder.decode(
                datagram, from: Envelope.headerLength, for: addressee, arrived: Instant(nanoseconds: 0))
            guard message != nil, case .cargo(let cargo) = decoder.attachment else { return nil }
            if case .records = cargo { self = .records } else { self = .repair }
        default: return nil
        }
    }
}
