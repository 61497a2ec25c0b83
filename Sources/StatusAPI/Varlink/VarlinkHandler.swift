/// The calling process, as the kernel says (`SO_PEERCRED`).
package struct VarlinkCaller: Equatable, Sendable {
    /// The effective user id of the process that connected.
    package let userID: UInt32
    /// Its process id, for the log.
    package let processID: Int32

    /// Names a caller.
    package init(userID: UInt32, processID: Int32) {
        self.userID = userID
        self.processID = processID
    }
}

/// What a method answers.
package struct VarlinkAnswer: Sendable {
    /// The replies to send now, in order.
    package let replies: [any Encodable & Sendable]
    /// Whether the call stays open, so that more replies can be pushed.
    package let staysOpen: Bool
    /// Whether the handler cannot answer yet; the session keeps the call until it is resumed.
    package private(set) var isLater = false

    /// One reply, and the call is done.
    package static func reply(_ parameters: any Encodable & Sendable) -> VarlinkAnswer {
        VarlinkAnswer(replies: [parameters], staysOpen: false)
    }

    /// No reply yet: the session keeps the call, and answers no other one, until `VarlinkSession.resume`.
    package static var later: VarlinkAnswer {
        var answer = VarlinkAnswer(replies: [], staysOpen: false)
        answer.isLater = true
        return answer
    }

    /// Several replies, and the call is done.
    ///
    /// Only for calls with `more`.
    package static func replies(_ parameters: [any Encodable & Sendable]) -> VarlinkAnswer {
        VarlinkAnswer(replies: parameters, staysOpen: false)
    }

    /// A first reply, and the call stays open until the client closes the connection.
    ///
    /// Only for calls with `more`.
    package static func stream(first parameters: any Encodable & Sendable) -> VarlinkAnswer {
        VarlinkAnswer(replies: [parameters], staysOpen: true)
    }
}

/// What implements the methods of the interfaces that a service lists.
package protocol VarlinkHandler: ~Copyable {
    /// Answers a call. The service has checked that the interface and the method exist, and `more` where needed.
    mutating func answer(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer
}
