import Glibc
import TestSupport
import Testing

@testable import LinuxIO

/// Programs that a test starts and ends.
struct ChildProcessTests {
    @Test("a child's status is known when it has ended")
    func exitStatus() throws {
        var child = try ChildProcess("/bin/sh", ["-c", "exit 3"])
        #expect(try child.wait(timeout: 5 * second) == .exited(3))
        #expect(try child.poll() == .exited(3))
        try child.send(SIGKILL)
    }

    @Test("a child runs on until it is signalled, although we block the signal")
    func signalled() throws {
        var former = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        let signals = try SignalDescriptor([SIGTERM])
        var child = try ChildProcess("/bin/sleep", ["60"])
        #expect(try child.poll() == nil)
        #expect(try child.wait(timeout: millisecond) == nil)
        try child.send(SIGTERM)
        #expect(try child.wait(timeout: 5 * second) == .signaled(SIGTERM))
        #expect(try signals.next() == nil)
    }

    @Test("a child that is forgotten is ended and leaves no zombie")
    func forgotten() throws {
        let identifier: CInt
        do {
            let child = try ChildProcess("/bin/sleep", ["60"])
            identifier = child.identifier
        }
        #expect(kill(identifier, 0) == -1)
    }

    @Test("a child's output and errors go where they are sent, its environment is what it is given")
    func outputs() throws {
        let directory = try TestFolder()
        let pipe = try Pipe()
        var child = try ChildProcess(
            "/bin/sh", ["-c", "echo $WHO; echo oops >&2"], environment: ["WHO=me"],
            output: .descriptor(pipe.writing.raw), errors: .file(directory.file("out")))
        let reading = pipe.closeWriting()
        #expect(try child.wait(timeout: 5 * second) == .exited(0))
        #expect(try reading.read(upTo: 100, timeout: 5 * second) == Array("me\n".utf8))
        #expect(try reading.read(upTo: 100, timeout: 5 * second) == [])
        #expect(try DurableFile.read(directory.file("out")) == Array("oops\n".utf8))
    }

    @Test("a program that does not exist is an error with its remedy")
    func missingProgram() {
        let error = #expect(throws: SystemCallError.self) { _ = try ChildProcess("/nonexistent") }
        #expect(
            error?.description
                == "execve /nonexistent: No such file or directory; there is no such program")
    }
}
