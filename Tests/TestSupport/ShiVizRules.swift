/// The rules by which ShiViz accepts a log, derived from its behaviour and written anew.
package enum ShiVizRules {
    /// One event as ShiViz has read it.
    package struct Event {
        /// The process it happened at.
        package var host: String
        /// What the log names.
        package var clock: [String: Int]
        /// What happened.
        package var text: String

        /// Its number at its own process.
        package var own: Int { clock[host] ?? 0 }
    }

    /// Reads a log with the usual header; `nil` when a line is not as the header says.
    package static func events(in log: String) -> [Event]? {
        var lines = log.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.hasPrefix("(?<host>") == true, lines.count > 2, lines[1].isEmpty, lines.last == ""
        else {
            return nil
        }
        lines = Array(lines.dropFirst(2).dropLast())
        guard lines.count.isMultiple(of: 2), !log.unicodeScalars.contains(where: { isLineBreak($0) }) else {
            return nil
        }
        var events: [Event] = []
        for index in stride(from: 0, to: lines.count, by: 2) {
            let parts = lines[index].split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let clock = clock(parts[1]) else { return nil }
            events.append(Event(host: String(parts[0]), clock: clock, text: String(lines[index + 1])))
        }
        return events
    }

    /// What JavaScript's `.` does not match, besides the line feed.
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    private static func clock(_ text: Substring) -> [String: Int]? {
        guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
        var clock: [String: Int] = [:]
        for pair in text.dropFirst().dropLast().split(separator: ",") {
            let parts = pair.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix(":"), let value = Int(parts[2].dropFirst()) else {
                return nil
            }
            clock[String(parts[1])] = value
        }
        return clock
    }

    /// Why ShiViz would refuse the log; `nil` when it accepts it.
    package static func refusal(of events: [Event]) -> String? {
        var byHost: [String: [Event]] = [:]
        for event in events { byHost[event.host, default: []].append(event) }
        for (host, own) in byHost {
            let numbers = own.map(\.own).sorted()
            if numbers != Array(1...own.count) { return "\(host) counts \(numbers)" }
            byHost[host] = own.sorted { $0.own < $1.own }
        }
        for event in events {
            for (host, time) in event.clock where time > byHost[host]?.count ?? 0 {
                return "\(event.host):\(event.own) names \(host):\(time), which is not there"
            }
        }
        return inconsistency(events, byHost)
    }

    /// Every clock must be what its own host's last clock and the clocks of the events it names add up to.
    private static func inconsistency(_ events: [Event], _ byHost: [String: [Event]]) -> String? {
        for event in events {
            var expected = [event.host: event.own]
            var parents = event.clock.compactMap { host, time in
                host == event.host || time < 1 ? nil : byHost[host]?[time - 1]
            }
            if event.own > 1, let previous = byHost[event.host]?[event.own - 2] { parents.append(previous) }
            for parent in parents {
                for (host, time) in parent.clock { expected[host] = max(expected[host] ?? 0, time) }
            }
            if expected != event.clock {
                return "\(event.host):\(event.own) has \(event.clock), not \(expected)"
            }
        }
        return nil
    }

    /// Whether the event at `left` happened before the one at `right`, as ShiViz draws it.
    package static func precedes(_ left: Event, _ right: Event) -> Bool {
        (right.clock[left.host] ?? 0) >= left.own && !(left.host == right.host && left.own == right.own)
    }
}
