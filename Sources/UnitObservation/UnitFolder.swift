internal import LinuxIO
internal import Systemd

/// A folder instead of the service manager, for demonstrations and tests on hosts without one.
///
/// A file with the name of a unit has its properties, one `Name=value` a line, by the names that systemd gives them;
/// `InvocationID` is a number, `Job` the type of a job, and `ControlGroup` may be missing. The program that acts as the
/// manager replaces the file as a whole when something changes. It is read every `period`.
final class UnitFolder: UnitManager {
    /// How often the files are read, in milliseconds.
    private static let period: Int32 = 10
    private static let sizeLimit = 4_096

    private let folder: String
    private var known: [String: UnitFacts] = [:]
    /// Those that are to be announced although nothing may have changed.
    private var unannounced: Set<String> = []

    init(_ folder: String) { self.folder = folder }

    let raw: CInt = -1
    let interest: Int16 = 0
    var patience: Int32 { Self.period }

    func path(of unit: String) -> String? {
        let path = path(forName: unit)
        return text(of: path) == nil ? nil : path
    }

    func path(forName unit: String) -> String { "\(folder)/\(unit)" }

    func fileState(of unit: String) -> String? { path(of: unit) == nil ? nil : "enabled" }

    func watch(_ path: String) {
        listen(to: path)
        unannounced.insert(path)
    }

    func keep(_ paths: Set<String>) { known = known.filter { paths.contains($0.key) } }

    func listen(to path: String) { known[path] = known[path] ?? UnitFacts() }

    func facts(at path: String) -> UnitFacts? { known[path] }

    func serviceProperty(_ name: String, at path: String) -> String? {
        properties(of: path)?.first { $0.name == name }?.value
    }

    func unitProperty(_ name: String, at path: String) -> String? { serviceProperty(name, at: path) }

    func process() -> [UnitBusEvent] {
        var events: [UnitBusEvent] = []
        for path in known.keys.sorted() {
            guard let facts = read(path), facts != known[path] || unannounced.contains(path) else { continue }
            known[path] = facts
            events.append(.changed(path: path, facts))
        }
        unannounced = []
        return events
    }

    func read(_ path: String) -> UnitFacts? {
        guard let properties = properties(of: path) else { return nil }
        var facts = UnitFacts()
        facts.loadState = "loaded"
        for (name, value) in properties { facts.set(name, value) }
        return facts
    }

    private func properties(of path: String) -> [(name: String, value: String)]? {
        text(of: path)?.split(separator: "\n").compactMap { line in
            let words = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
    }

    private func text(of path: String) -> String? {
        guard let bytes = try? DurableFile.read(path), !bytes.isEmpty else { return nil }
        return String(decoding: bytes.prefix(Self.sizeLimit), as: UTF8.self)
    }
}

extension UnitFacts {
    fileprivate mutating func set(_ name: String, _ value: String) {
        switch name {
        case "ActiveState": activeState = value
        case "SubState": subState = value
        case "Type": type = value
        case "Restart": restart = value
        case "Result": result = value
        case "MainPID": mainPID = UInt32(value) ?? 0
        case "ExecMainCode": mainCode = Int32(value) ?? 0
        case "ExecMainStatus": mainStatus = Int32(value) ?? 0
        case "TriggeredBy": triggers = value.split(separator: " ").map(String.init)
        case "Job": (job, jobType) = (value.isEmpty ? 0 : 1, value)
        case "InvocationID":
            let number = UInt64(value) ?? 0
            invocation = (0..<16).map {
                $0 < 8 ? 0 : UInt8(truncatingIfNeeded: number >> UInt64(8 * (15 - $0)))
            }
        default: break
        }
    }
}
