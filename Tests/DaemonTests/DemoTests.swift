import Glibc
import LinuxIO
import TestSupport
import Testing

extension RealDaemons {
    /// What `make run` shows to those that have no terminal, with daemons of its own.
    @Suite("the demo")
    struct DemoTests {
        private let folder: TestFolder
        private let demo: [TestDaemon]
        private let out: String

        init() throws {
            let folder = try TestFolder()
            let ids = ["a", "b", "c"]
            let peers = zip(ids, try freeAddresses(3)).map { (id: $0, address: $1.description) }
            for name in ["build", "build/demo", "config", "config/demo"] { _ = try folder.makeFolder(name) }
            demo = try ids.map { id in try TestDaemon("build/demo/\(id)", in: folder) { _ in "" } }
            for (id, daemon) in zip(ids, demo) {
                let text = TestCluster.configuration(of: daemon, detection: TestCluster.lan, peers: peers)
                    .replacing("id = \"build/demo/\(id)\"", with: "id = \"\(id)\"")
                    .replacing("/socket\"", with: "/io.suspectd.Monitor\"")
                let service =
                    "[[service]]\nname = \"web\"\nunit = \"web.service\"\nhung_after = \"500ms\"\nhosts = [\"a\"]\n"
                try writeFile(text + service, to: "\(folder.path)/config/demo/\(id).toml")
            }
            self.folder = folder
            out = "\(folder.path)/out"
        }

        @Test("the story comes to its end")
        func story() throws {
            var story = try start()
            #expect(try story.wait(timeout: 30 * second) == .exited(0), "\(textOfFile(out))")
            let text = textOfFile(out)
            #expect(text.contains("all of it happened"))
            #expect(text.contains("b knows that a/web is down (proved)"))
            #expect(text.contains("c knows that a/web is hung"))
        }

        @Test("a demo that is killed leaves no daemon behind")
        func killed() throws {
            var story = try start()
            // The third one is killed in the story itself.
            let sockets = demo.prefix(2).map { $0.stateFolder + "/io.suspectd.Monitor" }
            let answered = eventually { sockets.allSatisfy { (try? StatusClient($0)) != nil } }
            try #require(answered, "\(textOfFile(out))")
            try story.send(SIGKILL)
            #expect(try story.wait(timeout: 10 * second) == .signaled(SIGKILL))
            let gone = eventually { sockets.allSatisfy { (try? StatusClient($0)) == nil } }
            #expect(gone)
        }

        private func start() throws -> ChildProcess {
            try ChildProcess(
                Programs.demo, ["--script", "--directory", folder.path], output: .file(out),
                errors: .file(out))
        }
    }
}
