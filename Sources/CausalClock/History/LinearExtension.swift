/// Puts the events of a history in one line: never an effect before its cause, otherwise by wall clock.
///
/// Wall clocks of different hosts disagree. So an event counts as no earlier than what influenced it, and a tie, or a
/// log without times, is resolved by the length of the chain of causes.
struct LinearExtension {
    /// The events' positions, causes first.
    private(set) var order: [Int] = []
    /// For each event the latest wall clock among it and its causes.
    private(set) var times: [Int64]
    /// The events that no order can hold, because their causes lead back to them; they stand last in `order`.
    private(set) var circular: [Int] = []

    private var depths: [Int]
    private var missing: [Int]
    private var effectStarts: [Int]
    private var effects: [Int]
    private var ready = ReadyHeap()

    init(_ history: LogHistory) {
        let count = history.events.count
        times = history.events.map { $0.entry.timeUSec ?? 0 }
        depths = Array(repeating: 0, count: count)
        missing = Array(repeating: 0, count: count)
        effectStarts = Array(repeating: 0, count: count + 1)
        var pairs: [(cause: Int, effect: Int)] = []
        for index in 0..<count {
            for cause in Causes(history).direct(of: index) where cause != index {
                pairs.append((cause, index))
            }
        }
        effects = Array(repeating: 0, count: pairs.count)
        arrange(pairs)
        run()
    }

    /// Groups the effects by cause.
    private mutating func arrange(_ pairs: [(cause: Int, effect: Int)]) {
        for pair in pairs {
            effectStarts[pair.cause + 1] += 1
            missing[pair.effect] += 1
        }
        for index in effectStarts.indices.dropFirst() { effectStarts[index] += effectStarts[index - 1] }
        var next = effectStarts
        for pair in pairs {
            effects[next[pair.cause]] = pair.effect
            next[pair.cause] += 1
        }
    }

    /// Kahn, 1962: what has no unplaced cause may come next.
    private mutating func run() {
        for index in missing.indices where missing[index] == 0 { push(index) }
        while let index = ready.pop() {
            order.append(index)
            for effect in effects[effectStarts[index]..<effectStarts[index + 1]] {
                times[effect] = max(times[effect], times[index])
                depths[effect] = max(depths[effect], depths[index] + 1)
                missing[effect] -= 1
                if missing[effect] == 0 { push(effect) }
            }
        }
        circular = missing.indices.filter { missing[$0] > 0 }
        order += circular
    }

    private mutating func push(_ index: Int) {
        ready.push(ReadyHeap.Key(time: times[index], depth: depths[index], event: index))
    }
}

/// Events that may come next, the earliest first.
private struct ReadyHeap {
    struct Key {
        var time: Int64
        var depth: Int
        var event: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.time, left.depth, left.event) < (right.time, right.depth, right.event)
        }
    }

    private var keys: [Key] = []

    mutating func push(_ key: Key) {
        keys.append(key)
        var child = keys.count - 1
        while child > 0, keys[child] < keys[(child - 1) / 2] {
            keys.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Int? {
        guard let first = keys.first else { return nil }
        keys[0] = keys[keys.count - 1]
        keys.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < keys.count && keys[child] < keys[least] {
                least = child
            }
            if least == parent { return first.event }
            keys.swapAt(least, parent)
            parent = least
        }
    }
}
