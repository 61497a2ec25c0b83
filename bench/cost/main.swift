// What one datagram costs without the kernel: to seal, to open, and to refuse. Run it from a release build:
//
//     swift run -c release datagram-cost

import CausalClock
import FailureDetection
import Glibc
import Sealing
import Wire

/// Processor time of this process, in nanoseconds.
func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The least mean time of one call in five series, in nanoseconds: what is more was another process's.
func cost(_ count: Int, _ body: () -> Void) -> Int64 {
    (0..<5).map { _ in
        let began = processorTime()
        for _ in 0..<count { body() }
        return (processorTime() - began) / Int64(count)
    }.min() ?? 0
}

func perSecond(_ nanoseconds: Int64) -> String { "\(1_000_000 / max(nanoseconds, 1)) thousand a CPU second" }

func host(_ name: String) throws -> HostID {
    guard let id = HostID(name) else { throw SealingError.notAKey }
    return id
}

/// One of two daemons that watch each other, with no clock but the caller's.
func endpoint(_ name: String, watching other: String, sealedBy keyring: Keyring?) throws -> Endpoint {
    let peer = PeerSettings(
        id: try host(other), mode: .heartbeatAndPing, interval: .milliseconds(100),
        detector: .median(margin: .milliseconds(20)), retries: 4, minimumTimeout: .milliseconds(20),
        maximumTimeout: .seconds(1), startupGrace: .seconds(2))
    let now = Instant(nanoseconds: 1_000_000_000)
    var endpoint = Endpoint(
        Monitor(id: try host(name), epoch: Epoch(5), peers: [peer], seed: 1, at: now))
    endpoint.setSealer(keyring)
    endpoint.setAddress(address, ofPeer: 0)
    return endpoint
}

/// A heartbeat, as it would be sent.
func heartbeat(sealedBy keyring: Keyring?) throws -> [UInt8] {
    var outbox = Outbox()
    var sender = try endpoint("b", watching: "a", sealedBy: keyring)
    sender.wake(at: Instant(nanoseconds: 2_000_000_000), into: &outbox)
    let sent = outbox.datagrams[0]
    return Array(outbox.arena[sent.start..<sent.start + sent.count])
}

let address = NetworkAddress(high: 0, low: 0x7F00_0001, port: 7_946, scope: 0, isIPv4: true)
let keys = try (0..<3).map { _ in try SealingKey(file: Array(SealingKey.newFile().utf8).span) }
guard let keyring = Keyring([keys[0]]), let rotating = Keyring(keys) else { throw SealingError.notAKey }

print("sealing (XChaCha20-Poly1305, nonce by BLAKE2b)")
for length in [100, 400, 1_200] {
    let bodyLength = length - Envelope.sealedHeaderLength - Envelope.tagLength
    let plain =
        [Envelope.version, 1] + [UInt8](repeating: 0, count: Envelope.nonceLength)
        + [UInt8](repeating: 7, count: bodyLength)
    var sealed = plain
    let seal = cost(20_000) {
        sealed.removeAll(keepingCapacity: true)
        sealed.append(contentsOf: plain)
        keyring.seal(&sealed)
    }
    var body: [UInt8] = []
    let open = cost(20_000) { _ = keyring.open(sealed.span, into: &body) }
    print("  \(length) bytes: seal \(seal) ns, open \(open) ns")
}

print("refusing, kernel not counted")
for isSealed in [false, true] {
    let forms: [(name: String, keyring: Keyring?)] =
        isSealed ? [("sealed, one key", keyring), ("sealed, three keys", rotating)] : [("without keys", nil)]
    for (name, keyring) in forms {
        let genuine = try heartbeat(sealedBy: keyring)
        var damaged = genuine
        damaged[damaged.count - 1] ^= 1
        var receiver = try endpoint("a", watching: "b", sealedBy: keyring)
        let now = Instant(nanoseconds: 2_000_000_000)
        var outbox = Outbox()
        let refuse = { (datagram: [UInt8]) in
            cost(20_000) {
                receiver.receive(datagram.span, from: address, arrived: now, at: now, into: &outbox)
                outbox.removeAll()
            }
        }
        // The first one is believed; from then on it is a replay.
        let replayed = refuse(genuine)
        let forged = refuse(damaged)
        let stray = refuse([UInt8](repeating: 9, count: genuine.count))
        print("  \(name), \(genuine.count) bytes:")
        print("    of another protocol \(stray) ns, \(perSecond(stray))")
        print("    forged \(forged) ns, \(perSecond(forged))")
        print("    replayed \(replayed) ns, \(perSecond(replayed))")
    }
}
