/// The client's side of a connection, without its socket: bytes in, replies out, in the order of the calls.
package struct VarlinkClient: Sendable {
    /// The longest reply, in bytes.
    ///
    /// The daemon is trusted more than its clients are, yet not without end.
    package static let replyLimit = 16 * 1024 * 1024

    private var framer = VarlinkFramer(limit: VarlinkClient.replyLimit)

    /// Starts with nothing received.
    package init() {}

    /// Takes bytes from the daemon.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(VarlinkDisconnect) {
        try framer.append(bytes)
    }

    /// Takes the next whole reply, if there is one.
    package mutating func nextReply() throws(VarlinkDisconnect) -> VarlinkReply? {
        guard let message = try framer.next() else { return nil }
        return try VarlinkReply(message: message)
    }
}

/// One reply as it came: its headers decoded, its parameters not yet.
package struct VarlinkReply: Equatable, Sendable {
    /// Whether another reply to the same call follows.
    package let continues: Bool
    /// The full name of an error; `nil` for success.
    package let error: String?

    /// How deep the interface's replies may nest, far more than they do: the decoder recurses.
    private static let deepest = 64

    private let message: [UInt8]

    /// Decodes a message.
    package init(message: [UInt8]) throws(VarlinkDisconnect) {
        guard !JSONText.nests(message, deeperThan: Self.deepest) else {
            throw .malformedCall("it nests more than \(Self.deepest) deep")
        }
        do throws(JSONFailure) {
            let header = try JSONText.decode(ReplyHeader.self, from: message)
            continues = header.continues ?? false
            error = header.error
        } catch {
            throw .malformedCall(error.description)
        }
        self.message = message
    }

    /// The parameters of the reply or of the error.
    package func parameters<Parameters: Decodable>(
        _ type: Parameters.Type
    ) throws(JSONFailure) -> Parameters {
        try decodeParameters(type, from: message)
    }
}

/// The headers of a reply.
private struct ReplyHeader: Decodable {
    let continues: Bool?
    let error: String?
}
