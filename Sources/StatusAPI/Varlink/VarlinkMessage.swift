/// One encoded message with its terminator, ready to be sent to any number of connections.
package struct VarlinkMessage: Equatable, Sendable {
    /// The JSON text and its NUL.
    package let bytes: [UInt8]
    private var receipt: ByteTally.Receipt?

    private init(json: [UInt8]) {
        bytes = json + [0]
    }

    /// The same message, whose bytes `tally` counts for as long as any copy of it is in memory.
    package func counted(by tally: ByteTally?) -> VarlinkMessage {
        var message = self
        message.receipt = tally?.add(bytes.count)
        return message
    }

    /// Whether two messages are the same to their reader.
    package static func == (left: VarlinkMessage, right: VarlinkMessage) -> Bool { left.bytes == right.bytes }

    /// Encodes a call.
    ///
    /// Headers that are false are left out, as the protocol allows.
    package static func call(
        _ method: String, parameters: some Encodable = NoParameters(), more: Bool = false,
        oneway: Bool = false
    ) throws(JSONFailure) -> VarlinkMessage {
        let body = CallBody(
            method: method, parameters: parameters, more: more ? true : nil, oneway: oneway ? true : nil)
        return VarlinkMessage(json: try JSONText.bytes(of: body))
    }

    /// Encodes a reply; `continues` announces that another one follows.
    package static func reply(
        _ parameters: some Encodable, continues: Bool = false
    ) throws(JSONFailure) -> VarlinkMessage {
        let body = ReplyBody(parameters: parameters, continues: continues ? true : nil, error: nil)
        return VarlinkMessage(json: try JSONText.bytes(of: body))
    }

    /// Encodes an error reply.
    package static func error(_ error: VarlinkError) throws(JSONFailure) -> VarlinkMessage {
        try encode(error: error.name, error.parameters)
    }

    private static func encode(
        error name: String, _ parameters: some Encodable
    ) throws(JSONFailure) -> VarlinkMessage {
        let body = ReplyBody(parameters: parameters, continues: nil, error: name)
        return VarlinkMessage(json: try JSONText.bytes(of: body))
    }
}

/// A call as it is written.
private struct CallBody<Parameters: Encodable>: Encodable {
    let method: String
    let parameters: Parameters
    let more: Bool?
    let oneway: Bool?
}

/// A reply as it is written.
private struct ReplyBody<Parameters: Encodable>: Encodable {
    let parameters: Parameters
    let continues: Bool?
    let error: String?
}
