internal import CSystemd

/// A message of the bus, read from its beginning to its end.
///
/// A read that does not fit the message yields `nil`; nothing traps.
struct BusMessage: ~Copyable {
    let raw: OpaquePointer

    init(owning raw: OpaquePointer) { self.raw = raw }

    deinit { sd_bus_message_unref(raw) }

    /// Its object path; empty when it has none.
    var path: String { sd_bus_message_get_path(raw).map { String(cString: $0) } ?? "" }

    /// The unique name of its sender; empty when it has none.
    var sender: String { sd_bus_message_get_sender(raw).map { String(cString: $0) } ?? "" }

    /// Its number: those of one sender ascend.
    var serial: UInt64 {
        var cookie: UInt64 = 0
        return sd_bus_message_get_cookie(raw, &cookie) >= 0 ? cookie : 0
    }

    func isSignal(_ member: String, of interface: String) -> Bool {
        sd_bus_message_is_signal(raw, interface, member) > 0
    }

    /// The next string, object path or signature.
    func string(_ type: Unicode.Scalar = "s") -> String? {
        var text: UnsafePointer<CChar>?
        guard sd_bus_message_read_basic(raw, CChar(UInt8(ascii: type)), &text) > 0 else { return nil }
        return text.map { String(cString: $0) }
    }

    func unsigned() -> UInt32? {
        var number: UInt32 = 0
        return sd_bus_message_read_basic(raw, CChar(UInt8(ascii: "u")), &number) > 0 ? number : nil
    }

    func signed() -> Int32? {
        var number: Int32 = 0
        return sd_bus_message_read_basic(raw, CChar(UInt8(ascii: "i")), &number) > 0 ? number : nil
    }

    func flag() -> Bool? {
        var flag: Int32 = 0
        return sd_bus_message_read_basic(raw, CChar(UInt8(ascii: "b")), &flag) > 0 ? flag != 0 : nil
    }

    func bytes() -> [UInt8]? {
        var start: UnsafeRawPointer?
        var count = 0
        guard sd_bus_message_read_array(raw, CChar(UInt8(ascii: "y")), &start, &count) >= 0 else {
            return nil
        }
        return start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
    }

    func strings() -> [String]? {
        guard enter("a", "s") else { return nil }
        var strings: [String] = []
        while let next = string() { strings.append(next) }
        return leave() ? strings : nil
    }

    func enter(_ type: Unicode.Scalar, _ contents: String) -> Bool {
        sd_bus_message_enter_container(raw, CChar(UInt8(ascii: type)), contents) > 0
    }

    @discardableResult
    func leave() -> Bool { sd_bus_message_exit_container(raw) >= 0 }

    func skip(_ types: String) -> Bool { sd_bus_message_skip(raw, types) >= 0 }

    /// The type of the value in the variant that is next.
    private func variantType() -> String? {
        var type: CChar = 0
        var contents: UnsafePointer<CChar>?
        guard sd_bus_message_peek_type(raw, &type, &contents) > 0, type == CChar(UInt8(ascii: "v")) else {
            return nil
        }
        return contents.map { String(cString: $0) }
    }

    /// Reads a dictionary of properties into facts; those that do not matter are passed over.
    func readProperties(into facts: inout UnitFacts) -> Bool {
        guard enter("a", "{sv}") else { return false }
        while enter("e", "sv") {
            guard let name = string(), let type = variantType() else { return false }
            if UnitFacts.knows(name, type) {
                guard enter("v", type) else { return false }
                facts.read(name, from: self)
                leave()
            } else if !skip("v") {
                return false
            }
            leave()
        }
        return leave()
    }
}

extension UnitFacts {
    private static let types = [
        "ActiveState": "s", "SubState": "s", "LoadState": "s", "Type": "s", "Restart": "s", "Result": "s",
        "MainPID": "u", "ExecMainCode": "i", "ExecMainStatus": "i", "InvocationID": "ay",
        "TriggeredBy": "as", "Job": "(uo)",
    ]

    fileprivate static func knows(_ name: String, _ type: String) -> Bool { types[name] == type }

    fileprivate mutating func read(_ name: String, from message: borrowing BusMessage) {
        switch name {
        case "ActiveState": activeState = message.string() ?? activeState
        case "SubState": subState = message.string() ?? subState
        case "LoadState": loadState = message.string() ?? loadState
        case "Type": type = message.string() ?? type
        case "Restart": restart = message.string() ?? restart
        case "Result": result = message.string() ?? result
        case "MainPID": mainPID = message.unsigned() ?? mainPID
        case "ExecMainCode": mainCode = message.signed() ?? mainCode
        case "ExecMainStatus": mainStatus = message.signed() ?? mainStatus
        case "InvocationID": invocation = message.bytes() ?? invocation
        case "TriggeredBy": triggers = message.strings() ?? triggers
        case "Job":
            guard message.enter("r", "uo") else { return }
            job = message.unsigned() ?? job
            jobPath = message.string("o") ?? jobPath
            message.leave()
        default: break
        }
    }
}
