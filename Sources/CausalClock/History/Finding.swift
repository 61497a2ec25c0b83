/// Something in the logs that does not fit together.
public struct Finding: Sendable, Hashable {
    /// What does not fit.
    public enum Problem: Sendable, Hashable {
        /// Events of a process that no log has, although they happened: others are numbered after them or name them.
        case missing(ClosedRange<UInt64>, namedBy: EventName?)
        /// Events that the process itself says it could not write; or, at a start, numbers that were given away before it.
        case lost(ClosedRange<UInt64>, isBeforeStart: Bool)
        /// Events at the end of an incarnation that did not end as planned: it was killed before it had written them.
        case killed(ClosedRange<UInt64>, next: ProcessName)
        /// The logs have the event twice, with different contents.
        case contradiction(other: LogPlace)
        /// The event before it in its process knew `lost`; it does not.
        case forgotten(lost: EventName)
        /// It names `named`, which knew `unknown`; it does not.
        case notClosed(named: EventName, unknown: EventName)
        /// It learnt of events that neither the event before it nor the sending it names knew.
        case unexplained(EventName)
        /// It learnt of events although it is no receive.
        case learntWithoutReceive(EventName)
        /// It names two events directly that are no causes of each other; a receive has one sending.
        case severalCauses(EventName, EventName)
        /// It is said to have received what its clock does not name.
        case sendingUnknown(EventName)
        /// Its causes lead back to itself.
        case circular
        /// It knows of a later incarnation of its own host.
        case knowsLaterIncarnation(EventName)
    }

    /// The event that it was found at; for missing events, the first of them.
    public var event: EventName
    /// Where that stands; `nil` for missing events.
    public var place: LogPlace?
    /// What does not fit.
    public var problem: Problem

    /// Whether it only says that the logs are incomplete, as logs that were rotated or filtered are.
    public var isGap: Bool {
        switch problem {
        case .missing, .lost: true
        default: false
        }
    }

    /// Whether it is no more than what a crash leaves behind, as the logs themselves show.
    public var isTraceOfCrash: Bool {
        if case .killed = problem { return true }
        return false
    }
}

extension Finding: CustomStringConvertible {
    /// What does not fit and what may be the reason, in one sentence without a full stop.
    public var description: String {
        switch problem {
        case .missing(let range, let name): Self.missing(range, of: event.process, namedBy: name)
        case .lost(let range, isBeforeStart: true):
            Self.events(range, of: event.process)
                + " never written, as the START after them says: its last words took their numbers, or it was killed, or its disk was "
                + "full or too slow"
        case .lost(let range, isBeforeStart: false):
            Self.events(range, of: event.process)
                + " never written: its disk was full or too slow, or it crashed, as the next entry says"
        case .killed(let range, let next):
            Self.events(range, of: event.process)
                + " not in its log: it was killed before it had written so far, for \(next) began without its STOP"
        case .contradiction:
            "\(event) is logged twice, differently: two daemons with one id, or a restored snapshot?"
        case .forgotten(let lost): "\(event) no longer knows \(lost), which the event before it knew"
        case .notClosed(let named, let unknown):
            "\(event) knows \(named), which knew \(unknown), but does not know that one itself"
        case .unexplained(let name):
            "\(event) knows \(name), which neither the event before it knew nor the sending that it received"
        case .learntWithoutReceive(let name): "\(event) is no receive, and yet knows \(name) anew"
        case .severalCauses(let first, let second):
            "\(event) directly follows two sendings, \(first) and \(second); a receive follows one"
        case .sendingUnknown(let sending): "\(event) received \(sending), but its clock does not name that"
        case .circular: "\(event) is among its own causes: a host reported events before they happened"
        case .knowsLaterIncarnation(let name):
            "\(event) knows \(name), of a later incarnation of its own host"
        }
    }

    private static func missing(
        _ range: ClosedRange<UInt64>, of process: ProcessName, namedBy name: EventName?
    ) -> String {
        let witness =
            name.map { ", although \($0) names \(range.count == 1 ? "it" : "them") or later ones" } ?? ""
        return "\(events(range, of: process)) missing\(witness)"
    }

    /// `events 3–4 of a are`.
    private static func events(_ range: ClosedRange<UInt64>, of process: ProcessName) -> String {
        range.count == 1
            ? "event \(range.lowerBound) of \(process) is"
            : "events \(range.lowerBound)–\(range.upperBound) of \(process) are"
    }
}
