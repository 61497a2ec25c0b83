import Glibc
import TestSupport
import Testing

@testable import LinuxIO

/// UNIX stream sockets in a directory of their own.
struct UnixSocketTests {
    private let directory: TestFolder
    private let path: String

    init() throws {
        directory = try TestFolder()
        path = directory.file("socket")
    }

    /// Leaves a socket file that no process serves, as a killed daemon does.
    private func leaveDeadSocket() throws {
        let socket = try unixStreamSocket(for: path, nonblocking: true)
        let address = try UnixAddress(path, for: "bind")
        try systemCall("bind") { address.withSockaddr { bind(socket.raw, $0, $1) } }
    }

    @Test("the socket of a dead daemon is replaced")
    func deadSocket() throws {
        try leaveDeadSocket()
        #expect(exists(path))
        let listener = try UnixListener(binding: path)
        let client = try UnixStream.connect(to: path, timeout: second)
        let accepted = try listener.accept() != nil
        #expect(accepted)
        #expect(try client.peerCredentials().process == getpid())
    }

    @Test("the socket of a living daemon is left alone, even when it does not accept")
    func livingSocket() throws {
        let listener = try UnixListener(binding: path, backlog: 0)
        for _ in 0..<3 {
            let error = #expect(throws: SystemCallError.self) { _ = try UnixListener(binding: path) }
            #expect(error?.errno == .addressInUse)
            #expect(error?.description.contains("another daemon already serves \(path)") == true)
        }
        _ = try listener.accept()
        #expect(exists(path))
    }

    @Test("a file that is no socket is left alone")
    func foreignFile() throws {
        try DurableFile.write([1], to: path)
        let error = #expect(throws: SystemCallError.self) { _ = try UnixListener(binding: path) }
        #expect(error?.errno == .addressInUse)
        #expect(try DurableFile.read(path) == [1])
    }

    @Test("the path goes with the listener, but a successor's path stays")
    func removal() throws {
        do { _ = try UnixListener(binding: path) }
        #expect(!exists(path))
        do {
            let first = try UnixListener(binding: path)
            // Kept open elsewhere, so that the inode cannot be given to the second.
            unlink(path)
            let successor = try UnixListener(binding: path)
            drop(first)
            #expect(exists(path))
            drop(successor)
        }
        #expect(!exists(path))
    }

    private func drop(_ listener: consuming UnixListener) {}

    @Test("the mode is what was asked for, whatever the umask", arguments: [0o600, 0o660, 0o666] as [UInt32])
    func mode(mode: UInt32) throws {
        let listener = try UnixListener(binding: path, mode: mode)
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == mode)
        _ = try listener.accept()
    }

    private func mode(of path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : .max
    }

    @Test("the mode of what took the name of the socket meanwhile is left alone: links, files, other sockets")
    func replaced() throws {
        let victim = directory.file("file")
        try DurableFile.write([1], to: victim)
        chmod(victim, 0o600)
        symlink(victim, path)
        let atLink = #expect(throws: SystemCallError.self) { try openSocketFile(path, mode: 0o666) }
        #expect(atLink?.remedy?.contains("name a folder that only this user may write") == true)
        #expect(mode(of: victim) == 0o600)
        unlink(path)
        #expect(throws: SystemCallError.self) { try openSocketFile(victim, mode: 0o666) }
        #expect(mode(of: victim) == 0o600)
        // A link to a socket of our own that others must not use.
        unlink(victim)
        let other = try UnixListener(binding: victim, mode: 0o600)
        symlink(victim, path)
        #expect(throws: SystemCallError.self) { try openSocketFile(path, mode: 0o666) }
        #expect(mode(of: other.path) == 0o600)
        unlink(path)
    }

    @Test("an attacker who puts a link where the socket is again and again has nothing else opened")
    func raced() throws {
        let (victim, path) = (directory.file("file"), path)
        try DurableFile.write([1], to: victim)
        chmod(victim, 0o600)
        let attacker = try Attacker(on: path, linkingTo: victim)
        // What the umask takes from the mode is given back, which is the moment to attack.
        try attacker.race(2_000) { _ = try? UnixListener(binding: path, mode: 0o777) }
        #expect(attacker.count > Attacker.enough && mode(of: victim) == 0o600)
    }

    @Test("a path that is too long, or empty, is refused with the reason")
    func badPath() {
        let long = "/tmp/" + String(repeating: "x", count: 103)
        let error = #expect(throws: SystemCallError.self) { _ = try UnixListener(binding: long) }
        let reason = "File name too long; a socket path has at most 107 bytes and this one has 108"
        #expect(error?.description == "bind \(long): \(reason)")
        #expect(throws: SystemCallError.self) { _ = try UnixStream.connect(to: "", timeout: second) }
    }

    @Test("no client to accept is no error")
    func nobody() throws {
        let listener = try UnixListener(binding: path)
        let accepted = try listener.accept() != nil
        #expect(!accepted)
    }

    @Test("a daemon that is not there is an error with its remedy")
    func noDaemon() throws {
        let missing = #expect(throws: SystemCallError.self) {
            _ = try UnixStream.connect(to: path, timeout: second)
        }
        #expect(missing?.errno == .noSuchFileOrDirectory)
        #expect(missing?.remedy?.contains("systemctl status suspectd") == true)
        try leaveDeadSocket()
        let dead = #expect(throws: SystemCallError.self) {
            _ = try UnixStream.connect(to: path, timeout: second)
        }
        #expect(dead?.errno == .connectionRefused)
    }

    @Test("a connection to a daemon that accepts nothing has a bound")
    func connectTimeout() throws {
        let listener = try UnixListener(binding: path, backlog: 0)
        let first = try UnixStream.connect(to: path, timeout: second)
        let error = #expect(throws: SystemCallError.self) {
            _ = try UnixStream.connect(to: path, timeout: 20 * millisecond)
        }
        #expect(error?.errno == .timedOut)
        _ = try listener.accept()
        try first.finishWriting()
    }

    @Test("the user, group and process of a client are known")
    func credentials() throws {
        let listener = try UnixListener(binding: path)
        let client = try UnixStream.connect(to: path, timeout: second)
        let credentials = try listener.accept()?.peerCredentials()
        #expect(credentials == PeerCredentials(user: getuid(), group: getgid(), process: getpid()))
        try client.finishWriting()
    }

    @Test("a client that has ended is not taken for the process that has its number now")
    func endedPeer() throws {
        let listener = try UnixListener(binding: path)
        let program =
            "use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, pack_sockaddr_un($ARGV[0])); sleep 1000"
        var child = try ChildProcess("/usr/bin/perl", ["-e", program, path])
        let stream = try listener.awaitConnection()
        let process = stream.peerProcess()
        #expect(!process.hasEnded)
        try child.send(SIGKILL)
        #expect(try child.wait(timeout: 10 * second) == .signaled(SIGKILL))
        // A kernel before 6.5 knows nothing of it.
        guard case .known = process else { return #expect(!stream.peerProcess().hasEnded) }
        #expect(process.hasEnded && stream.peerProcess().hasEnded)
    }

    @Test("an adopted listener keeps its path")
    func adopted() throws {
        let owner = try UnixListener(binding: path)
        do {
            let adopted = try UnixListener(adopting: FileDescriptor(owning: dup(owner.raw)))
            let client = try UnixStream.connect(to: path, timeout: second)
            let accepted = try adopted.accept() != nil
            #expect(accepted)
            try client.finishWriting()
        }
        #expect(exists(path))
        let pair = try UnixStream.pair()
        #expect(throws: SystemCallError.self) {
            _ = try UnixListener(adopting: FileDescriptor(owning: dup(pair.first.raw)))
        }
    }
}

extension UnixListener {
    /// Waits for a client, for ten seconds at most.
    fileprivate borrowing func awaitConnection() throws -> UnixStream {
        let limit = Clocks.boottime() + 10 * second
        while Clocks.boottime() < limit {
            if let stream = try accept() { return stream }
            Clocks.rest(nanoseconds: millisecond)
        }
        throw SystemCallError("accept", errno: .timedOut)
    }
}
