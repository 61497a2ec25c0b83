internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// What the kernel keeps for us while we do not read.
enum ReceiveRoom {
    /// What the kernel charges for a heartbeat of ordinary length, in bytes; some network drivers take that much.
    static let charge = 2_048
    /// For how long it should hold what the peers send, in milliseconds, and from where on people are told.
    static let (wanted, tolerable) = (2_000, 200)
    /// No daemon asks for more.
    static let most = 128 << 20

    /// The bytes to ask for where so many datagrams come in a second.
    static func bytes(perSecond rate: Int) -> Int { min(rate * charge / 1_000 * wanted, most) }

    /// What to tell people of the buffer that was granted; `nil` when it is large enough.
    static func warning(granted: Int, perSecond rate: Int) -> String? {
        let lasts = granted / charge * 1_000 / max(rate, 1)
        guard lasts < tolerable else { return nil }
        return
            "the kernel keeps \(lasts) ms of heartbeats for us (\(granted) bytes, \(rate) datagrams a second), so a "
            + "longer pause of ours loses some; set the sysctl net.core.rmem_max to \(bytes(perSecond: rate) / 2), "
            + "or use suspectd.socket with that ReceiveBuffer="
    }
}

extension EventLoop {
    /// Sees to it that the kernel keeps what the peers send while we are held up, as far as it may.
    ///
    /// Once for each configuration: a new one may have more peers, or quicker ones.
    func makeRoom(in transport: borrowing Transport) throws(SystemCallError) {
        guard state.reloads != state.reloadsWithRoom else { return }
        state.reloadsWithRoom = state.reloads
        let rate = state.endpoint.monitor.messagesPerSecond
        let granted = try transport.enlargeBuffers(to: ReceiveRoom.bytes(perSecond: rate))
        guard let warning = ReceiveRoom.warning(granted: granted, perSecond: rate) else { return }
        state.announce(.config, warning, priority: .warning, id: .configuration)
    }
}
