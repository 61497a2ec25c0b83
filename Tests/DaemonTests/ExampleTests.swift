import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// The programs in `Examples/alive`, as they are but for the path of the socket.
    @Suite("examples of calls that say that a service makes progress")
    struct ExampleTests {
        static let (python, shell) = ("/usr/bin/python3", "/bin/sh")
        static let compiler = (["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"] as [String]).first {
            access($0, X_OK) == 0
        }

        @Test("the one in C", .enabled(if: compiler != nil, "a C compiler is not installed"))
        func inC() throws {
            try check { web in
                let program = "\(web.cluster.folder.path)/alive"
                let source = try copy("alive.c", for: web)
                var compiling = try ChildProcess(
                    Self.compiler ?? "", ["-Wall", "-Werror", "-o", program, source])
                try #require(compiling.wait(timeout: 60 * second) == .exited(0))
                return [program]
            }
        }

        @Test("the one in Python", .enabled(if: access(python, X_OK) == 0, "python3 is not installed"))
        func inPython() throws {
            try check { [Self.python, try copy("alive.py", for: $0)] }
        }

        @Test("the one for shells, which calls suspectctl")
        func inShell() throws {
            try check { [Self.shell, try copy("alive.sh", for: $0)] }
        }

        /// Copies an example, with the socket of the daemon under test in place of the usual one.
        private func copy(_ name: String, for web: ObservedService) throws -> String {
            let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
            let text = textOfFile("\(root)/Examples/alive/\(name)")
            let path = "\(web.cluster.folder.path)/\(name)"
            let usual = "/run/suspectd/io.suspectd.Monitor"
            try #require(text.contains("postgres") && text.contains(usual) != name.hasSuffix(".sh"))
            try writeFile(text.replacing(usual, with: web.daemon.socket), to: path)
            return path
        }

        /// Runs an example as the process of the service, stops it, and lets it continue.
        private func check(_ command: (ObservedService) throws -> [String]) throws {
            let web = try ObservedService()
            let words = try command(web)
            let folder = Programs.control.split(separator: "/").dropLast().map { "/\($0)" }.joined()
            let program = try ChildProcess(
                words[0], Array(words.dropFirst()),
                environment: ["PATH=\(folder):/usr/bin:/bin", "SUSPECTD_SOCKET=\(web.daemon.socket)"],
                hasOwnGroup: true)
            try web.units.set("web.service", "active", pid: program.identifier, 1)
            let service = "[[service]]\nname = \"postgres\"\nunit = \"web.service\"\nhung_after = \"3s\"\n"
            try web.configure(service)
            let daemon = web.daemon
            try daemon.start(environment: web.units.environment)
            let hasCalled = try eventually {
                try daemon.why(service: "postgres").layers.contains {
                    $0.finding.hasPrefix("the next call of Alive is due within")
                }
            }
            let layers = try daemon.why(service: "postgres").layers
            #expect(hasCalled, "\(layers)")
            try program.send(SIGSTOP)
            try daemon.await("postgres", .hung)
            try program.send(SIGCONT)
            try daemon.await("postgres", .up)
        }
    }
}
