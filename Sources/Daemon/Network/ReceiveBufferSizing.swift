internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// What the kernel keeps for us while we do not read.
enum ReceiveBufferSizing {
    /// What the kernel charges for a heartbeat of ordinary length, in bytes; some network drivers take that much.
    static let charge = 2_048
    /// For how long it should hold what the peers send, in milliseconds, and below which it is reported.
    static let (wanted, tolerable) = (2_000, 200)
    /// For what space was asked last.
    struct Request {
        /// How often the configuration had been reloaded.
        var reloads: Int
        /// Which intervals targets had led to, as `Monitor.intervalRevision`.
        var intervals: UInt64
        /// How many datagrams a second were expected.
        var rate: Int
    }

    /// No daemon asks for more.
    static let most = 128 << 20

    /// The bytes to ask for where so many datagrams come in a second.
    static func bytes(perSecond rate: Int) -> Int { min(rate * charge / 1_000 * wanted, most) }

    /// Whether what was asked for at one rate is too little at another; a quarter more is no reason to ask again.
    static func isOutgrown(by rate: Int, since former: Int) -> Bool { rate > former + former / 4 }

    /// What to report of the buffer that was granted; `nil` when it is large enough.
    static func warning(granted: Int, perSecond rate: Int) -> String? {
        let lasts = granted / charge * 1_000 / max(rate, 1)
        guard lasts < tolerable else { return nil }
        return
            "the kernel keeps \(lasts) ms of heartbeats for this node (\(granted) bytes, \(rate) datagrams a second), so a "
            + "longer pause of this node loses some; set the sysctl net.core.rmem_max to \(bytes(perSecond: rate) / 2), "
            + "or use suspectd.socket with that ReceiveBuffer="
    }
}

extension EventLoop {
    /// Sees to it that the kernel keeps what the peers send while we are held up, as far as it may.
    ///
    /// Once for each configuration: a new one may have more peers, or quicker ones. And when targets have made them
    /// quicker since, for the peers send as often as we do.
    func resizeReceiveBuffers(in transport: inout Transport) throws(SystemCallError) {
        let revision = state.endpoint.monitor.intervalRevision
        let isReloaded = state.reloads != state.space?.reloads
        guard isReloaded || revision != state.space?.intervals else { return }
        let rate = state.endpoint.monitor.messagesPerSecond
        let former = isReloaded ? 0 : state.space?.rate ?? 0
        let isOutgrown = ReceiveBufferSizing.isOutgrown(by: rate, since: former)
        state.space = ReceiveBufferSizing.Request(
            reloads: state.reloads, intervals: revision, rate: isOutgrown || isReloaded ? rate : former)
        guard isReloaded || isOutgrown else { return }
        let granted = try transport.enlargeBuffers(to: ReceiveBufferSizing.bytes(perSecond: rate))
        guard let warning = ReceiveBufferSizing.warning(granted: granted, perSecond: rate) else { return }
        state.announce(.config, warning, priority: .warning, id: .configuration)
    }
}
