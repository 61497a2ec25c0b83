/// One call as it came: its headers decoded, its parameters not yet.
package struct VarlinkCall: Equatable, Sendable {
    /// The full method name, interface included.
    package let method: String
    /// Whether the client accepts several replies.
    package let more: Bool
    /// Whether the client wants no reply, not even an error.
    package let oneway: Bool
    /// Whether the client wants to leave the protocol after the reply.
    package let upgrade: Bool

    private let message: [UInt8]

    /// Decodes a message.
    ///
    /// A header that is false is the same as one that is absent.
    package init(message: [UInt8], nesting: Int) throws(VarlinkDisconnect) {
        guard !JSONText.nests(message, deeperThan: nesting) else {
            throw .nestedTooDeeply(limit: nesting)
        }
        do throws(JSONFailure) {
            let header = try JSONText.decode(CallHeader.self, from: message)
            method = header.method
            more = header.more ?? false
            oneway = header.oneway ?? false
            upgrade = header.upgrade ?? false
        } catch {
            throw .malformedCall(error.description)
        }
        self.message = message
    }

    /// The interface, up to the last dot; empty when there is none.
    package var interface: String {
        String(method[..<(method.lastIndex(of: ".") ?? method.startIndex)])
    }

    /// The method's name within its interface.
    package var member: String {
        guard let dot = method.lastIndex(of: ".") else { return method }
        return String(method[method.index(after: dot)...])
    }

    /// The parameters.
    ///
    /// What is missing, of the wrong type, or unknown to the method is an `InvalidParameter`.
    package func parameters<Parameters: VarlinkParameters>(
        _ type: Parameters.Type
    ) throws(VarlinkError) -> Parameters {
        do throws(JSONFailure) {
            let names = try decodeParameterNames(from: message)
            if let unknown = names.first(where: { !type.names.contains($0) }) {
                throw JSONFailure(path: [unknown], problem: "is unknown")
            }
            return try decodeParameters(type, from: message)
        } catch {
            throw .invalidParameter(offender(in: error))
        }
    }

    /// The parameter that a failure is about.
    ///
    /// A number that does not fit is reported without its key.
    private func offender(in failure: JSONFailure) -> String {
        if let named = failure.path.first(where: { $0 != "parameters" }) { return named }
        let given = try? decodeParameterNames(from: message).first
        return (try? unfitNumbers(in: message).first) ?? given ?? "parameters"
    }
}

/// The headers of a call.
private struct CallHeader: Decodable {
    let method: String
    let more: Bool?
    let oneway: Bool?
    let upgrade: Bool?
}
