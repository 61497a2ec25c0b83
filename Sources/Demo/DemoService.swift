internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// A small service of node a: a process, and the file that acts as its unit, for the demo has no service manager.
final class DemoService {
    /// Its name among all services.
    static let id = "a/web"
    private static let folder = "build/demo/units"
    private static let unit = "\(folder)/web.service"

    private var child: ChildProcess?
    private var generation = 0
    /// The number of its process; that of the last one if there is none now.
    private(set) var process: CInt = 0

    /// Prepares the unit; the daemons that start from now on find it.
    init() throws(DemoFailure) {
        try makeFolders(Self.folder)
        setenv("SUSPECTD_UNIT_FOLDER", Self.folder, 1)
        try write(["ActiveState=inactive"])
    }

    /// Starts it.
    func start() throws(DemoFailure) {
        child = nil
        do throws(SystemCallError) {
            let started = try ChildProcess("/bin/sleep", ["100000"])
            process = started.identifier
            child = consume started
        } catch {
            throw DemoFailure(error)
        }
        generation += 1
        try write(["ActiveState=active", "SubState=running", "MainPID=\(process)"])
    }

    /// Kills it; the manager does not know that yet.
    func kill() { try? child?.send(SIGKILL) }

    /// Has the manager say that a signal has ended it, and that it starts it again.
    func noteEnd() throws(DemoFailure) {
        try write([
            "ActiveState=activating", "SubState=auto-restart", "Result=signal", "ExecMainCode=2",
            "ExecMainStatus=\(SIGKILL)",
        ])
    }

    /// Says in its name that it makes progress.
    func callAlive(_ socket: String) throws(DemoFailure) {
        do {
            let stream = try UnixStream.connect(to: socket, timeout: 1_000_000_000)
            let call = try VarlinkMessage.call(
                MonitorMethod.alive.fullName, parameters: AliveParameters(service: "web"))
            _ = try call.bytes.withUnsafeBytes { try stream.writeAll($0, timeout: 1_000_000_000) }
            // Whether it counts shows in what the daemons report.
            var reply = [UInt8](repeating: 0, count: 4_096)
            _ = try reply.withUnsafeMutableBytes { try stream.read(into: $0, timeout: 1_000_000_000) }
        } catch {
            throw .cannot("the call of Alive: \(error)")
        }
    }

    private func write(_ lines: [String]) throws(DemoFailure) {
        let text = (lines + ["InvocationID=\(generation)", ""]).joined(separator: "\n")
        do throws(SystemCallError) {
            try PlainFile.write(Array(text.utf8), to: Self.unit + ".new")
        } catch {
            throw DemoFailure(error)
        }
        guard rename(Self.unit + ".new", Self.unit) == 0 else {
            throw .cannot("rename \(Self.unit): \(String(cString: strerror(errno)))")
        }
    }
}
