internal import Configuration
internal import Glibc
internal import LinuxIO
internal import StatusAPI
internal import Systemd

/// `suspectd --last-words`: what the service manager runs when the daemon has ended (`ExecStopPost=`).
package enum LastWordsSender {
    /// Sends what the daemon has kept for its end, unless it is about to be started again as planned, or runs.
    ///
    /// A daemon that stops for good removes it, and one that stops for a restart leaves it behind: for the case that the
    /// start fails, after which the service manager runs this again. The key is out of reach here, and the port may be
    /// taken: what is sent was sealed before, and leaves from any port.
    ///
    /// - Parameters:
    ///   - folders: where they may be (`folders(_:)`).
    ///   - result: how the daemon has ended, in the service manager's words; `nil` if that is not known.
    /// - Returns: how many peers were sent a datagram.
    /// - Throws: `SystemCallError`, such as for a directory that a running daemon has locked.
    static func run(in folders: [String], result: String?) throws(SystemCallError) -> Int {
        guard let directory = folders.first(where: { LastWordsFile(in: $0) != nil })
        else { return 0 }
        // Without an answer there may be a restart, whose daemon would miss the number of what is sent in its log.
        guard result != "success" || RestartQuestion.ask() == .stop else { return 0 }
        let lock = try FileLock(directory + "/lock")
        let count = try send(from: directory)
        _ = consume lock
        return count
    }

    private static func send(from directory: String) throws(SystemCallError) -> Int {
        let (path, sent) = ("\(directory)/\(LastWordsFile.name)", "\(directory)/\(LastWordsFile.sentName)")
        guard let file = LastWordsFile(in: directory) else { return 0 }
        // Those of an earlier boot: that daemon ended with its host. What has ended now is a start that failed.
        guard file.boot == LastWordsFile.presentBoot else {
            unlink(path)
            return 0
        }
        // Before they are sent: they must not be sent twice, and the next process has to know.
        guard rename(path, sent) == 0 else { throw SystemCallError("rename", on: path, errno: .current) }
        return send(file)
    }

    /// Does so after a daemon that the service manager ran, and says what came of it on standard error.
    ///
    /// - Parameter configuration: the main configuration file.
    /// - Returns: the exit status.
    package static func report(configuration: String) -> Int32 {
        do throws(SystemCallError) {
            let result = ProcessEnvironment.value(of: "SERVICE_RESULT")
            let folders = folders(configuration)
            sayIfNoneAreKept(in: folders, result)
            let count = try run(in: folders, result: result)
            if count > 0 {
                say(
                    "the daemon has ended (\(result ?? "cause unknown")); "
                        + "\(countText(count, "peer")) \(count == 1 ? "was" : "were") informed")
            }
            return 0
        } catch {
            say("the peers were not informed that the daemon has ended: \(error)")
            return 1
        }
    }

    /// Says so where a daemon has crashed and nothing is there that could be sent, or was.
    private static func sayIfNoneAreKept(in folders: [String], _ result: String?) {
        guard let result, result != "success" else { return }
        let names = [LastWordsFile.name, LastWordsFile.sentName]
        guard
            folders.allSatisfy({ folder in
                names.allSatisfy { FileIdentity.present(at: "\(folder)/\($0)") == .missing }
            })
        else { return }
        say(
            "the daemon has ended (\(result)), and no peer was informed: there is no \(folders[0])/\(LastWordsFile.name), "
                + "as after a start that failed or a stop for good; otherwise, keep cleaners away from that directory"
        )
    }

    private static func say(_ text: String) {
        let line = Array("suspectd: \(text)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, line, line.count)
    }

    /// Where they may be: in the state directory that is configured, or, where a change of the configuration is why no
    /// daemon runs, in the one that the service manager names.
    ///
    /// - Parameter configuration: the main configuration file; it may be the reason why the start failed.
    /// - Returns: their paths, the most likely first.
    static func folders(_ configuration: String) -> [String] {
        let configured = try? ConfigurationLoader.load(path: configuration).settings.node.stateDirectory
        let usual = ConfigurationEnvironment.process().stateDirectory ?? "/var/lib/suspectd"
        return configured.map { [$0, usual] } ?? [usual]
    }

    private static func send(_ file: LastWordsFile) -> Int {
        var count = 0
        for isIPv4 in [true, false] {
            let datagrams = file.datagrams.filter { $0.address.isIPv4 == isIPv4 }
            guard !datagrams.isEmpty, let socket = socket(for: file, isIPv4: isIPv4),
                var batch = try? SendBatch()
            else { continue }
            for (address, bytes) in datagrams {
                if !batch.append(bytes.span.bytes, to: address) {
                    count += socket.flush(&batch)
                    _ = batch.append(bytes.span.bytes, to: address)
                }
            }
            count += socket.flush(&batch)
        }
        return count
    }

    /// A socket with the address of the daemon, where that has but one.
    private static func socket(for file: LastWordsFile, isIPv4: Bool) -> UDPSocket? {
        let own = file.sources.filter { $0.isIPv4 == isIPv4 }
        let any = SocketAddress(high: 0, low: isIPv4 ? 0xffff << 32 : 0, port: 0)
        let source = own.count == 1 ? own.first?.with(port: 0) ?? any : any
        return (try? UDPSocket(binding: source)) ?? (try? UDPSocket(binding: any))
    }
}
