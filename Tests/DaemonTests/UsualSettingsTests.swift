import CausalClock
import Configuration
import FailureDetection
import Testing

@testable import Daemon

@Suite("the library's usual settings")
struct UsualSettingsTests {
    @Test("are the daemon's defaults in the profiles of fast networks", arguments: ["local", "lan"])
    func defaults(profile: String) throws {
        let text = """
            security.allow_unauthenticated = true
            [detection]
            profile = "\(profile)"
            [[peer]]
            id = "b"
            address = "10.0.0.2:7946"
            """
        let settings = try ConfigurationLoader.settings(text)
        let peer = try #require(settings.peers.first)
        let configured = FailureDetection.PeerSettings(peer)
        let id = try #require(HostID("b"))
        let usual = FailureDetection.PeerSettings(
            id: id, interval: TimeSpan(peer.detection.heartbeatInterval))
        #expect(configured == usual)
    }
}
