/// Which file of the core may call which: `Monitor` is one type in many files, and its files stand in layers.
///
/// A file calls what its own layer and those below it offer, and no circle of files calls itself. What is in none of these
/// files, the components and values in the other files, knows nothing of `Monitor`.
enum CoreLayers {
    /// A layer: what its files do, and their names.
    struct Layer {
        /// What they do.
        let role: String
        /// Their names, without the ending.
        let files: [String]
    }

    /// The layers, from the top.
    static let layers = [
        Layer(role: "watches with thresholds of its own", files: ["ConsumerWatch"]),
        Layer(
            role: "sequences: what happens when, and no rule",
            files: [
                "MonitorHandling", "MonitorStarting", "MonitorResuming", "MonitorRetuning",
                "MonitorReceiving", "MonitorComposing",
                "MonitorJudging",
            ]),
        Layer(
            role: "rules: what follows from an event",
            files: [
                "MonitorTestifying", "MonitorUnreachable", "MonitorSuspecting", "MonitorIsolation",
                "MonitorAdopting", "MonitorOpinions", "MonitorEnding", "MonitorAdmission", "MonitorIdentity",
                "MonitorInquiring",
                "MonitorReturning",
            ]),
        Layer(
            role: "actions: what is sent, emitted and scheduled",
            files: ["MonitorSending", "MonitorNoting", "MonitorHealth", "MonitorScheduling"]),
        Layer(
            role: "questions: what is known; they change nothing",
            files: [
                "DetectionTimeBound", "VerdictSchedule", "MonitorVerdict", "SilentCohort", "Evidence",
                "SilenceReason",
                "Agreement", "PeerReport", "TrackRecord", "PresentCut", "RecentEvents", "ClockEntry",
                "ConsumerThreshold", "MonitorNumbers", "MonitorInvariants",
            ]),
        Layer(
            role: "records: what is kept, and nothing is sent",
            files: [
                "MonitorUnsent", "MonitorTicking", "ClockCoverage", "SuspicionLedger", "LastReport",
            ]),
        Layer(role: "state", files: ["MonitorLookup", "Monitor"]),
    ]

    /// A function as a call names it: its name and the label of its first argument.
    struct Signature: Hashable {
        let name: Substring
        let label: Substring
    }

    /// What one file declares in `Monitor`, and what it calls there.
    struct Members {
        let path: String
        var declared: Set<Signature> = []
        var calls: [(signature: Signature, line: Int)] = []

        /// The file's name without its ending.
        var name: String {
            String(path.split(separator: "/").last?.split(separator: ".").first ?? "")
        }
    }

    /// A word or a mark of the code, and its line.
    struct Token {
        let text: Substring
        let line: Int
    }

    /// What `file` declares in `Monitor` and calls there; `nil` where it does not name the type.
    static func members(of file: SourceFile) -> Members? {
        guard !file.linesOfCode(holding: "Monitor").isEmpty else { return nil }
        var members = Members(path: file.path)
        var (depth, isMonitor) = (0, false)
        let tokens = file.code.enumerated().flatMap { Self.tokens(of: $0.element, line: $0.offset + 1) }
        for (place, token) in tokens.enumerated() {
            switch token.text {
            case "extension", "struct", "enum", "protocol":
                guard depth == 0, place + 1 < tokens.count else { break }
                isMonitor = tokens[place + 1].text == "Monitor"
            case "{": depth += 1
            case "}": depth -= 1
            case "(" where isMonitor: members.note(tokens, at: place, isMember: depth == 1)
            default: break
            }
        }
        return members
    }

    private static func tokens(of line: Substring, line number: Int) -> [Token] {
        var tokens: [Token] = []
        var rest = line.drop { $0 == " " }
        while let first = rest.utf8.first {
            let end = first.isWordByte ? rest.utf8.firstIndex { !$0.isWordByte } ?? rest.endIndex : nil
            let next = end ?? rest.index(after: rest.startIndex)
            tokens.append(Token(text: rest[..<next], line: number))
            rest = rest[next...].drop { $0 == " " }
        }
        return tokens
    }

    /// The calls in `all` files that go up, or round in a circle; and the files that stand in no layer.
    static func violations(in all: [SourceFile], layers: [Layer] = layers) -> [Violation] {
        let files = all.compactMap(members)
        let ranks = layers.enumerated().flatMap { rank, layer in layer.files.map { ($0, rank) } }
        let rankOf = Dictionary(uniqueKeysWithValues: ranks)
        let strangers = files.filter { rankOf[$0.name] == nil }.map {
            Violation(
                path: $0.path, line: 0, problem: "it names Monitor and stands in no layer",
                remedy: "give it a place in CoreLayers.swift, or what it needs as an argument")
        }
        let edges = edges(between: files)
        let isUpward = { (edge: Edge) in
            rankOf[edge.from.name, default: 0] > rankOf[edge.to.name, default: 0]
        }
        return strangers
            + edges.filter(isUpward).map { $0.violation("which is a layer above") }
            + circular(edges.filter { !isUpward($0) }).map { $0.violation("and that leads back to it") }
    }

    /// One file's call of another one's function.
    struct Edge {
        let from: Members
        let to: Members
        let call: (signature: Signature, line: Int)

        func violation(_ fault: String) -> Violation {
            Violation(
                path: from.path, line: call.line,
                problem: "it calls \(call.signature.name) of \(to.name).swift, \(fault)",
                remedy: "move the function down, or the call up")
        }
    }

    private static func edges(between files: [Members]) -> [Edge] {
        files.flatMap { from in
            files.filter { $0.path != from.path }.flatMap { to in
                from.calls.filter {
                    to.declared.contains($0.signature) && !from.declared.contains($0.signature)
                }.map { Edge(from: from, to: to, call: $0) }
            }
        }
    }

    /// The edges whose end leads back to their beginning.
    private static func circular(_ edges: [Edge]) -> [Edge] {
        var left = edges
        while true {
            // A file that is called by none, or calls none, is in no circle.
            let (callers, called) = (Set(left.map(\.from.path)), Set(left.map(\.to.path)))
            let next = left.filter { called.contains($0.from.path) && callers.contains($0.to.path) }
            if next.count == left.count { return left }
            left = next
        }
    }
}

extension CoreLayers.Members {
    /// Notes the declaration or the call whose parenthesis opens at a position.
    fileprivate mutating func note(_ tokens: [CoreLayers.Token], at place: Int, isMember: Bool) {
        guard var name = tokens[..<place].indices.last, place + 2 < tokens.count else { return }
        // A generic function has its parameters before the parenthesis.
        if tokens[name].text == ">" {
            name = tokens[..<name].lastIndex { $0.text == "<" }.map { $0 - 1 } ?? name
        }
        guard tokens[name].text.utf8.first?.isWordByte ?? false, name > 1 else { return }
        let (next, after, before) = (tokens[place + 1].text, tokens[place + 2].text, tokens[name - 1])
        guard before.text != "func" else {
            let isPrivate = tokens[..<name].reversed().prefix { $0.line == before.line }
                .contains { $0.text == "private" }
            if isMember, !isPrivate { declared.insert(.init(name: tokens[name].text, label: next)) }
            return
        }
        guard before.text != "." || tokens[name - 2].text == "self" else { return }
        let label = next == ")" || after == ":" ? next : "_"
        calls.append((.init(name: tokens[name].text, label: label), tokens[name].line))
    }
}
