import CausalClock

@testable import FailureDetection
@testable import Sealing
@testable import Wire

/// An attacker with the key of the cluster that says anything.
struct Forger {
    private let keyring: Keyring
    private var encoder = MessageEncoder()

    init(_ keyring: Keyring) { self.keyring = keyring }

    /// A message under a true seal, from `b` to `a` unless another is given.
    ///
    /// `knowing` is the incarnation of the addressee that it acknowledges.
    mutating func datagram(
        _ body: InboundMessage.Body, from sender: String = "b", to addressee: String = "a", epoch: Epoch,
        counter: UInt64 = 1, sequence: UInt64 = 1, knowing: Epoch? = nil, at now: Instant
    ) -> [UInt8] {
        var clock = VectorClock(owner: host(sender), epoch: epoch, counter: counter - 1)
        clock.tick()
        let acknowledgement = LinkAcknowledgement(highest: 1, bitmap: 0, delay: .zero)
        var link = OutgoingLink(addressee: host(addressee))
        let outgoing = OutboundMessage(
            to: 0, body: body, counter: counter, sequence: sequence, interval: .milliseconds(100), sent: now)
        _ = encoder.encode(
            outgoing, over: &link,
            carrying: MessageContext(clock: clock, acknowledgement: knowing.map { ($0, acknowledgement) }),
            limit: Envelope.maximumLength, sealer: keyring)
        return encoder.datagram
    }
}

/// One of 65,536 addresses that are no host's.
func stranger(_ number: Int) -> NetworkAddress {
    NetworkAddress(high: 0, low: UInt64(0x7F02_0000 + number & 0xFFFF), port: 999, scope: 0, isIPv4: true)
}
