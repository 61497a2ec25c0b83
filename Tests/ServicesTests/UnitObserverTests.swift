import Records
import Services
import Systemd
import Testing

@testable import UnitObservation

/// A service manager whose answers a test chooses.
private final class ChosenManager: UnitManager {
    let raw: CInt = -1
    let interest: Int16 = 0
    /// How many messages wait behind the ones that no unit is concerned by.
    var strange = 0
    /// What comes after them.
    var waiting: [UnitBusEvent] = []
    /// The units about which it answers with an error, and those about which it does not answer.
    var refused: Set<String> = []
    var silent: Set<String> = []
    private(set) var kept: Set<String> = []
    var patience: Int32 { strange == 0 && waiting.isEmpty ? -1 : 0 }

    func path(of unit: String) throws(UnitBusError) -> String? {
        if silent.contains(unit) { throw UnitBusError(call: "GetUnit", code: 110) }
        return refused.contains(unit) ? nil : path(forName: unit)
    }

    func path(forName unit: String) -> String { "/\(unit)" }

    func fileState(of unit: String) throws(UnitBusError) -> String? {
        throw UnitBusError(call: "GetUnitFileState", code: 40, answer: "a ring of links", isRefusal: true)
    }

    func watch(_ path: String) { waiting.append(.changed(path: path, facts)) }
    func read(_ path: String) -> UnitFacts? { facts }
    func keep(_ paths: Set<String>) { kept = paths }
    func listen(to path: String) {}
    func facts(at path: String) -> UnitFacts? { facts }
    func serviceProperty(_ name: String, at path: String) -> String? { nil }
    func unitProperty(_ name: String, at path: String) -> String? { nil }

    func process() -> [UnitBusEvent] {
        strange = max(0, strange - 1)
        guard strange == 0 else { return [] }
        defer { waiting = [] }
        return waiting
    }

    private var facts: UnitFacts {
        var facts = UnitFacts()
        (facts.activeState, facts.invocation) = ("active", [UInt8](repeating: 1, count: 16))
        return facts
    }
}

@Suite("what is learnt of units")
struct UnitObserverTests {
    private let manager = ChosenManager()

    private func observer(_ names: [String]) -> UnitObserver {
        UnitObserver(observed(names), watching: .here) { [manager] in manager }
    }

    private func observed(_ names: [String]) -> [ObservedUnit] {
        names.compactMap { name in
            ServiceName(name).map { ObservedUnit(service: $0, unit: "\(name).service") }
        }
    }

    /// The services that the manager has said something of, and those of which it could not.
    private func read(_ news: [UnitNews]) -> (told: Set<String>, refused: Set<String>, isLost: Bool) {
        var (told, refused, isLost) = (Set<String>(), Set<String>(), false)
        for item in news {
            switch item {
            case .input(let service, .properties): told.insert("\(service)")
            case .input(let service, .notLoaded(.unreadable)): refused.insert("\(service)")
            case .manager(.some): isLost = true
            default: break
            }
        }
        return (told, refused, isLost)
    }

    @Test("an error about one unit is a finding of that unit, and says nothing of the others")
    func oneOddUnit() {
        manager.refused = ["odd.service"]
        var observer = observer(["a", "odd", "z"])
        let news = observer.turn(timeout: 0)
        let found = read(news)
        #expect(found.told == ["a", "z"] && found.refused == ["odd"] && !found.isLost)
        let reasons = news.compactMap { item -> String? in
            if case .refusal(_, let reason) = item { reason } else { nil }
        }
        #expect(reasons == ["GetUnitFileState: a ring of links"])
        manager.refused.insert("late.service")
        let later = read(observer.setUnits(observed(["a", "late"])))
        #expect(later.refused == ["late"] && !later.isLost)
    }

    @Test("a manager that does not answer is lost for all")
    func noAnswer() {
        manager.silent = ["b.service"]
        var observer = observer(["a", "b"])
        #expect(read(observer.turn(timeout: 0)).isLost)
    }

    @Test("it does not wait while messages may be left, also when those before were of no unit of its own")
    func messagesLeft() {
        var observer = observer(["a"])
        _ = observer.turn(timeout: 0)
        manager.strange = 10
        manager.watch("/a.service")
        // A wait that nothing ends would be one for the time limit of the test.
        let turns = (0..<20).lazy.map { _ in read(observer.turn(timeout: -1)).told }
        #expect(turns.first { !$0.isEmpty } == ["a"])
    }

    @Test("units that are no longer observed are no longer listened to")
    func removed() {
        var observer = observer(["a", "b"])
        _ = observer.turn(timeout: 0)
        _ = observer.setUnits(observed(["b"]))
        #expect(manager.kept == ["/b.service"])
    }
}
