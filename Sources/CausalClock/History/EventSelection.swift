/// Which events of a history are shown.
public struct EventSelection: Sendable, Hashable {
    /// The most events that are shown; the latest, or those nearest to `center`.
    public var limit: Int
    /// The event around which to show what could have influenced it and what it could have influenced.
    public var center: EventName?
    /// Whether messages and pings are left out.
    public var statesOnly: Bool

    /// What ShiViz still draws in reasonable time: its parser is quadratic.
    public static let usualLimit = 5_000

    /// Chooses the latest events, unless a center is given.
    public init(limit: Int = usualLimit, around center: EventName? = nil, statesOnly: Bool = false) {
        self.limit = limit
        self.center = center
        self.statesOnly = statesOnly
    }

    /// The positions of the events chosen, in the history's order; none when `center` is not in the logs.
    public func events(of history: LogHistory) -> [Int] {
        let candidates = history.order.filter { !statesOnly || isShown(history.events[$0].entry) }
        guard let center else { return Array(candidates.suffix(max(0, limit))) }
        guard let index = history.event(center) else { return [] }
        return neighbours(of: index, among: candidates, in: history)
    }

    /// Logs of other programs do not say what their events are; all of them are shown.
    private func isShown(_ entry: CausalLogEntry) -> Bool {
        entry.event == center || entry.kind?.isStateChange ?? true
    }

    /// The nearest causes and effects in the history's order, half of each as long as there are enough.
    private func neighbours(of index: Int, among candidates: [Int], in history: LogHistory) -> [Int] {
        let causes = candidates.filter { $0 != index && history.precedesOrIs($0, index) }
        let effects = candidates.filter { $0 != index && history.precedesOrIs(index, $0) }
        let space = max(0, limit - 1)
        let fewer = min(causes.count, effects.count, space / 2)
        let before = fewer == effects.count ? space - fewer : max(fewer, space - effects.count)
        let chosen = Array(causes.suffix(max(0, before))) + [index]
        return chosen + effects.prefix(max(0, limit - chosen.count))
    }
}
