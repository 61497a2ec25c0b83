import StatusAPI

/// A connection to the status socket: a client that says anything, and a daemon that answers anything.
enum VarlinkFuzz {
    static func run(_ bytes: [UInt8]) {
        serve(bytes)
        read(bytes)
    }

    private static func serve(_ bytes: [UInt8]) {
        var provider = BusyProvider()
        var session = VarlinkSession(caller: VarlinkCaller(userID: 1, processID: 1))
        let service = MonitorInterface.service(version: "0")
        do throws(VarlinkDisconnect) {
            for half in [bytes[..<(bytes.count / 2)], bytes[(bytes.count / 2)...]] {
                try session.receive(half, service: service, handler: &provider)
                while session.hasReadyCall {
                    session.consumeOutput(session.pendingOutputCount)
                    try session.advance(service: service, handler: &provider)
                }
            }
        } catch {
            promise(!"\(error)".isEmpty, "disconnected without a reason")
        }
        var rest = session.pendingOutputCount
        while rest > 0 {
            session.consumeOutput(session.pendingOutput.count)
            promise(session.pendingOutputCount < rest, "what was sent still waits")
            rest = session.pendingOutputCount
        }
    }

    private static func read(_ bytes: [UInt8]) {
        var client = VarlinkClient()
        do throws(VarlinkDisconnect) {
            try client.receive(bytes)
            while let reply = try client.nextReply() {
                _ = try? reply.parameters(SubscribeReply.self)
                _ = try? reply.parameters(ListPeersReply.self)
                _ = try? reply.parameters(AuditReply.self)
            }
        } catch {
            promise(!"\(error)".isEmpty, "disconnected without a reason")
        }
    }

    static var seeds: [[UInt8]] {
        let parameters = [
            "{}", #"{"id":"db2"}"#, #"{"last":3}"#, #"{"left":"a@1:2","right":"b@1:3"}"#,
            #"{"peers":["db2"],"snapshot":true,"detection_time":"1s","level":8.5}"#,
        ]
        let calls = MonitorMethod.allCases.map { method in
            parameters.map { "{\"method\":\"\(method.fullName)\",\"parameters\":\($0),\"more\":true}\0" }
                .joined()
        }
        let service = #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":"#
        let texts =
            calls + [
                #"{"method":"io.systemd.service.SetLogLevel","parameters":{"level":3}}"# + "\0"
                    + #"{"method":"io.systemd.service.GetEnvironment"}"# + "\0",
                service + #"{"interface":"io.suspectd.Monitor"}}"# + "\0" + #"{"method":"a.b","oneway":true}"#
                    + "\0",
                #"{"parameters":{"event":{"dot":"a@1:2","event":"suspect","evidence":{},"timeUSec":1}},"continues":true}"#
                    + "\0" + #"{"error":"io.suspectd.Monitor.NoSuchPeer","parameters":{"id":"\u00fc\n"}}"#
                    + "\0",
            ]
        return texts.map { Array($0.utf8) }
    }
}

/// A daemon that knows one peer.
private struct BusyProvider: MonitorProvider {
    let userID: UInt32 = 1
    var logLevel = LogLevel.info
    let environment = ["LANG=C.UTF-8"]
    private let report = PeerReport(
        id: "db2", address: "[::1]:7946", state: .trusted, sinceUSec: 1, heartbeatIntervalUSec: 200_000,
        detector: "median", mode: "heartbeat+ping")

    func status() -> StatusReport {
        StatusReport(
            node: "db1", epoch: 1, version: "0", pid: 1, startedUSec: 1, uptimeUSec: 2, authenticated: true,
            configuration: ConfigurationReport(path: "/etc/suspectd/suspectd.toml", loadedUSec: 1))
    }

    func peers() -> [PeerReport] { [report] }

    func peer(_ id: String) -> PeerReport? { id == report.id ? report : nil }

    func explanation(of id: String) -> WhyReply? {
        peer(id).map { WhyReply(peer: $0, evidence: EvidenceReport(reason: "heard"), history: []) }
    }

    func witnesses(of id: String) -> WitnessesReply? {
        peer(id).map { WitnessesReply(peer: $0, own: nil, observers: 0, quorum: 2, members: 3) }
    }

    func events(last: Int?) -> [EventReport] {
        let event = EventReport(
            timeUSec: 1, dot: DotText(id: "db1", epoch: 1, counter: 2), event: .suspect,
            evidence: EvidenceReport(reason: "silent"))
        return Array([event, event].suffix(max(0, last ?? .max)))
    }

    func audit(of id: String?) -> AuditReply { AuditReply(suspicions: [], peers: []) }

    func clock() -> ClockReport {
        ClockReport(dot: DotText(id: "db1", epoch: 1, counter: 2), exact: true, entries: [])
    }

    func cut() -> CutReply { CutReply(exact: true, fronts: []) }

    func order(of left: DotText, to right: DotText) -> OrderReply { OrderReply(order: .unknown, basis: []) }

    mutating func open(_ stream: MonitorStream) throws(VarlinkError) -> Bool {
        true
    }

    mutating func reload() throws(ReloadFailure) -> [String]? { [] }
}
