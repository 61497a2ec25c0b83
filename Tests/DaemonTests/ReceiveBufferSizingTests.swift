import Testing

@testable import Daemon

@Suite("what the kernel keeps while the daemon does not read")
struct ReceiveBufferSizingTests {
    @Test("few peers need less than every system grants; a thousand at 100 ms ask for two seconds")
    func wanted() {
        #expect(ReceiveBufferSizing.bytes(perSecond: 15) < 212_992)
        #expect(ReceiveBufferSizing.bytes(perSecond: 10_000) == 40_960_000)
        #expect(ReceiveBufferSizing.bytes(perSecond: 1_000_000) == 128 << 20)
    }

    @Test("space is asked for again when targets have made the peers a quarter quicker")
    func outgrown() {
        #expect(
            ReceiveBufferSizing.isOutgrown(by: 40, since: 15)
                && ReceiveBufferSizing.isOutgrown(by: 1, since: 0))
        #expect(
            !ReceiveBufferSizing.isOutgrown(by: 15, since: 15)
                && !ReceiveBufferSizing.isOutgrown(by: 18, since: 15))
    }

    @Test("a buffer that holds less than 200 ms is reported, with the size that would do")
    func reported() throws {
        // What Linux grants where no host has set net.core.rmem_max.
        #expect(ReceiveBufferSizing.warning(granted: 425_984, perSecond: 500) == nil)
        let warning = try #require(ReceiveBufferSizing.warning(granted: 425_984, perSecond: 10_000))
        #expect(warning.contains("keeps 20 ms of heartbeats"))
        #expect(warning.contains("net.core.rmem_max to 20480000"))
    }
}
