import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What a host may run out of while the daemon runs: none of it stops the detector.
    @Suite("a host that runs out of something")
    struct ExhaustionTests {
        @Test(
            "a disk that fills up costs the causal log its entries; a crash is still found",
            .enabled(if: canMountFileSystems))
        func fullDisk() throws {
            let cluster = try TestCluster(["a", "b"], detection: TestCluster.lan)
            let disk = try cluster.folder.makeFolder("disk")
            let text = textOfFile(cluster["a"].configuration)
            try writeFile(
                text.replacing(
                    "state_directory = \"\(cluster["a"].stateFolder)\"", with: "state_directory = \"\(disk)\""
                ),
                to: cluster["a"].configuration)
            // Eight pages, in a namespace of its own: a few seconds of heartbeats fill them.
            let mount = "mount -t tmpfs -o size=32k none '\(disk)'"
            try cluster["a"].launch(
                "/usr/bin/unshare",
                ["-rm", "/bin/sh", "-c", "\(mount) && exec \"$0\" \"$@\"", Programs.daemon])
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            let isTold = eventually(within: 60) {
                cluster["a"].logText.contains("the causal log loses entries, and watching goes on")
            }
            #expect(isTold, "\(cluster["a"].logText)")
            #expect(try !cluster["a"].hasSuspected())
            try cluster["b"].kill()
            let suspects = try eventually { try cluster["a"].peer("b").state == .suspected }
            #expect(suspects)
        }
    }

    /// Whether file systems can be mounted in a namespace of one's own.
    static let canMountFileSystems: Bool = {
        let arguments = ["-rm", "/bin/sh", "-c", "mount -t tmpfs none /mnt"]
        guard
            var trial = try? ChildProcess("/usr/bin/unshare", arguments, output: .discard, errors: .discard)
        else { return false }
        return (try? trial.wait(timeout: 10 * second)) == .exited(0)
    }()
}
