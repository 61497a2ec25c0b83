import StatusAPI
import Testing

/// Holds the description of the interface against what the Codable types really write and accept.
@Suite("The interface description")
struct InterfaceTests {
    let language: InterfaceLanguage

    init() throws {
        language = try InterfaceLanguage(MonitorInterface.description)
    }

    @Test("it describes this interface, and its methods are the ones that are routed")
    func methods() {
        #expect(language.interface == MonitorInterface.name)
        #expect(Set(language.methods.keys) == Set(MonitorMethod.allCases.map(\.rawValue)))
        #expect(
            Set(language.errors.keys) == [
                "AliveRefused", "NoSuchPeer", "NoSuchService", "ReloadFailed", "SubscriptionRefused",
            ])
    }

    @Test("its enumerations have exactly the cases of the types")
    func enumerations() {
        #expect(language.enumerations["State"] == ReportedState.allCases.map(\.rawValue))
        #expect(language.enumerations["Cause"] == ReportedCause.allCases.map(\.rawValue))
        #expect(language.enumerations["Certainty"] == ReportedCertainty.allCases.map(\.rawValue))
        #expect(language.enumerations["Outcome"] == ReportedOutcome.allCases.map(\.rawValue))
        #expect(language.enumerations["Order"] == ReportedOrder.allCases.map(\.rawValue))
        #expect(language.enumerations["ServiceState"] == ReportedServiceState.allCases.map(\.rawValue))
        #expect(language.enumerations["EventKind"] == ReportedEventKind.allCases.map(\.rawValue))
    }

    @Test("every key that is written is described with its type, and every one described is written")
    func replies() throws {
        for (method, call) in Self.calls {
            var conversation = Conversation(userID: 0)
            conversation.provider.peerCount = 1
            conversation.provider.conflicts = 1
            var replies = try conversation.call(call)
            if method == "Subscribe" {
                try conversation.session.push(.event(Full.event, peer: Full.peer))
                replies = conversation.takeReplies()
            }
            if method == "Record" {
                try conversation.session.push(.heartbeats(Full.heartbeats))
                replies = conversation.takeReplies()
            }
            let reply = try VarlinkReply(message: [UInt8](try #require(replies.first).utf8))
            let fields = try #require(language.methods[method]).replies
            check(try reply.parameters(Value.self), against: fields, at: method)
        }
    }

    @Test("parameters are the ones that the types accept")
    func parameters() {
        let names: [String: [String]] = [
            "GetStatus": [], "ListPeers": [], "GetPeer": PeerParameters.names, "Why": PeerParameters.names,
            "Subscribe": SubscribeParameters.names, "ListEvents": ListEventsParameters.names, "Reload": [],
            "Audit": AuditParameters.names, "GetClock": [], "GetCut": [],
            "HappenedBefore": OrderParameters.names,
            "ListConflicts": [], "ListServices": ListServicesParameters.names,
            "WhyService": ServiceParameters.names, "Alive": AliveParameters.names,
            "Witnesses": PeerParameters.names,
            "Record": PeerParameters.names,
        ]
        for (method, described) in language.methods {
            #expect(Set(described.parameters.keys) == Set(names[method] ?? []), "\(method)")
        }
    }

    @Test("what is described as optional may be absent, and nothing else may")
    func optional() throws {
        try checkOptional(Full.peer, "Peer")
        try checkOptional(Full.evidence, "Evidence")
        try checkOptional(Full.event, "Event")
        try checkOptional(Full.service, "Service")
        try checkOptional(Full.audit.suspicions[0], "Suspicion")
        try checkOptional(Full.audit.peers[0], "PeerAudit")
        try checkOptional(Full.clock, "Clock")
        try checkOptional(Full.clock.entries[0], "ClockEntry")
        try checkOptional(Full.cut.fronts[0], "CutFront")
        try checkOptional(Full.cut.fronts[0].suspects[0], "CutSuspicion")
        try checkOptional(Full.status, "Status")
        try checkOptional(Full.status.health, "Health")
        try checkOptional(#require(Full.status.causalLog), "CausalLog")
        try checkOptional(#require(Full.status.names), "Names")
        try checkOptional(Full.status.configuration, "Configuration")
        try checkOptional(Full.evidence.probes[0], "Probe")
        try checkOptional(Full.peer.witnesses[0], "Witness")
        try checkOptional(#require(Full.peer.target), "Target")
    }

    @Test("every name is one that all parsers of the language accept")
    func names() {
        var names = language.enumerations.values.flatMap(\.self)
        for structure in language.structures.values { names += structure.keys }
        for name in names {
            #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, "\(name)")
            #expect(name.first?.isLowercase == true, "\(name)")
        }
        let types = Set(language.structures.values.flatMap { $0.values.map(\.type) })
        let known = ["string", "int", "bool"] + language.structures.keys + language.enumerations.keys
        #expect(types.isSubset(of: known), "there is no float and no any")
    }

    private static let calls = [
        ("GetStatus", callText("io.suspectd.Monitor.GetStatus")),
        ("ListPeers", callText("io.suspectd.Monitor.ListPeers")),
        ("GetPeer", callText("io.suspectd.Monitor.GetPeer", #"{"id":"db2"}"#)),
        ("Subscribe", callText("io.suspectd.Monitor.Subscribe", more: true)),
        ("Record", callText("io.suspectd.Monitor.Record", #"{"id":"db2"}"#, more: true)),
        ("ListEvents", callText("io.suspectd.Monitor.ListEvents")),
        ("Why", callText("io.suspectd.Monitor.Why", #"{"id":"db2"}"#)),
        ("Audit", callText("io.suspectd.Monitor.Audit")),
        ("GetClock", callText("io.suspectd.Monitor.GetClock")),
        ("GetCut", callText("io.suspectd.Monitor.GetCut")),
        (
            "HappenedBefore",
            callText("io.suspectd.Monitor.HappenedBefore", #"{"left":"a@1:2","right":"b@1:3"}"#)
        ),
        ("ListConflicts", callText("io.suspectd.Monitor.ListConflicts")),
        ("Witnesses", callText("io.suspectd.Monitor.Witnesses", #"{"id":"db2"}"#)),
        ("Reload", callText("io.suspectd.Monitor.Reload")),
        ("Alive", callText("io.suspectd.Monitor.Alive", #"{"service":"postgres"}"#)),
        ("ListServices", callText("io.suspectd.Monitor.ListServices")),
        (
            "WhyService",
            callText("io.suspectd.Monitor.WhyService", #"{"host":"db2","service":"postgres"}"#)
        ),
    ]

    private func check(_ value: Value, against structure: InterfaceLanguage.Structure, at place: String) {
        guard case .object(let object) = value else {
            Issue.record("\(place) is no object")
            return
        }
        #expect(Set(object.keys) == Set(structure.keys), "\(place)")
        for (name, field) in structure {
            guard let value = object[name] else { continue }
            check(value, against: field, at: "\(place).\(name)")
        }
    }

    private func check(_ value: Value, against field: InterfaceLanguage.Field, at place: String) {
        switch (value, field.type, field.isArray) {
        case (.array(let values), let type, true):
            #expect(!values.isEmpty, "\(place) shows no item")
            // The first item of each list is the one with every field set.
            for value in values.prefix(1) { check(value, against: .init(type: type), at: place) }
        case (.integer, "int", false), (.boolean, "bool", false), (.string, "string", false): break
        case (.string(let text), let type, false):
            #expect(language.enumerations[type]?.contains(text) == true, "\(place): \(type)")
        case (.object, let type, false):
            check(value, against: language.structures[type] ?? [:], at: place)
        default: Issue.record("\(place) is described as \(field)")
        }
    }

    private func checkOptional<Report: Codable>(_ report: Report, _ type: String) throws {
        let structure = try #require(language.structures[type])
        let object = try JSONText.decode([String: Value].self, from: JSONText.bytes(of: report))
        for (name, field) in structure {
            var rest = object
            rest[name] = nil
            let bytes = try JSONText.bytes(of: rest)
            let decodes = (try? JSONText.decode(Report.self, from: bytes)) != nil
            #expect(decodes == field.isOptional, "\(type).\(name)")
        }
    }
}

/// Any JSON value without floats.
enum Value: Codable {
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([Value])
    case object([String: Value])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Value].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
