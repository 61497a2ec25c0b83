internal import ArgumentParser
internal import StatusAPI

/// The ids of the peers for the shell, asked of the daemon while the user waits.
enum PeerCompletion {
    /// The longest wait for the daemon at each step, in nanoseconds: a person is typing, on a host that may be busy.
    private static let patience: Int64 = 2_000_000_000

    /// Completes an argument that is a peer's id.
    static let kind = CompletionKind.custom { words, _, _ in identifiers(in: words, .process()) }

    /// Completes an argument that is a peer's id, or `HOST/SERVICE`.
    static let withServices = CompletionKind.custom { words, _, _ in
        identifiers(in: words, withServices: true, .process())
    }

    /// Completes an argument that is the name of a service of this host.
    static let ownServices = CompletionKind.custom { words, _, _ in
        serviceNames(in: words, .process())
    }

    private static func serviceNames(in words: [String], _ context: ControlContext) -> [String] {
        var options = GlobalOptions()
        options.socket = socket(in: words)
        do throws(ControlFailure) {
            var connection = try StatusConnection(path: options.socketPath(context), patience: patience)
            let own = try connection.call(.getStatus, as: GetStatusReply.self).status.node
            return try connection.services(of: own).map(\.service).filter(isPlain).sorted()
        } catch {
            return []
        }
    }

    /// The ids; none when no daemon answers: a shell cannot show an error.
    ///
    /// The words are the command line so far, which may name the socket.
    static func identifiers(
        in words: [String], withServices: Bool = false, _ context: ControlContext
    ) -> [String] {
        var options = GlobalOptions()
        options.socket = socket(in: words)
        do throws(ControlFailure) {
            var connection = try StatusConnection(path: options.socketPath(context), patience: patience)
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            // What only looks like an id could be taken for shell syntax.
            let ids = peers.map(\.id).filter(isPlain).sorted()
            // A daemon of an earlier version has no services.
            let services = withServices ? (try? connection.services()) ?? [] : []
            return ids + services.filter { isPlain($0.host) && isPlain($0.service) }.map(\.id).sorted()
        } catch {
            return []
        }
    }

    private static func socket(in words: [String]) -> String? {
        for (word, next) in zip(words, words.dropFirst()) where word == "--socket" { return next }
        return words.last { $0.hasPrefix("--socket=") }.map { String($0.dropFirst("--socket=".count)) }
    }

    private static func isPlain(_ id: String) -> Bool {
        !id.isEmpty && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}
