package import CausalClock

/// Events and suspicions as a value for JSON; names are those of the logs, not renumbered.
package struct JSONExport: Encodable {
    /// One event.
    package struct Event: Encodable {
        /// Its name, `process:number`.
        package let dot: String
        /// Its number among the events exported of its process, from 1.
        package let number: UInt64
        /// The wall clock of its host in microseconds since 1970, where the log says.
        package let timeUSec: Int64?
        /// What it was, such as `suspect`, where the log says.
        package let event: String?
        /// The sending that it received.
        package let from: String?
        /// The peer that it is about.
        package let peer: String?
        /// The cause of a suspicion.
        package let cause: String?
        /// How sure the cause is.
        package let certainty: String?
        /// What there is to say for people.
        package let text: String
        /// The latest event of every process that could have influenced it, itself included.
        package let clock: [String]
        /// Whether that is all of its clock.
        package let exact: Bool
    }

    /// One suspicion and whether it was right.
    package struct Suspicion: Encodable {
        /// The suspecting event.
        package let dot: String
        /// The suspect.
        package let suspect: String
        /// `proved-false`, `restarted` or `undecided`.
        package let outcome: String
        /// The event of the suspect that proves it false, or its next incarnation.
        package let proof: String?
    }

    /// The processes that have events here.
    package let processes: [String]
    /// The events, causes first.
    package let events: [Event]
    /// The suspicions among them.
    package let suspicions: [Suspicion]

    /// Makes the value.
    package init(_ projection: CausalProjection) {
        let history = projection.history
        processes = projection.processes.map { history.processes[$0].text }
        events = projection.events.indices.map { Event(projection, $0) }
        let kept = projection.events.sorted()
        suspicions = history.suspicions().filter { kept.holds($0.event) }.map { Suspicion($0, in: history) }
    }
}

extension JSONExport.Event {
    fileprivate init(_ projection: CausalProjection, _ position: Int) {
        let history = projection.history
        let place = projection.events[position]
        let entry = history.events[place].entry
        dot = entry.event.description
        number = projection.counter(position)
        timeUSec = entry.timeUSec
        event = entry.kind?.rawValue.lowercased()
        from = entry.from?.description
        peer = entry.peer?.text
        cause = entry.cause
        certainty = entry.certainty
        text = entry.text
        clock = history.processes.indices.compactMap { process in
            let counter = history.known(place, of: process)
            return counter > 0 ? EventName(history.processes[process], counter).description : nil
        }
        exact = history.events[place].isExact
    }
}

extension JSONExport.Suspicion {
    /// Makes the value of one suspicion.
    package init(_ suspicion: LoggedSuspicion, in history: LogHistory) {
        dot = history.events[suspicion.event].entry.event.description
        suspect = suspicion.suspect.text
        switch suspicion.outcome {
        case .provedFalse(let event): (outcome, proof) = ("proved-false", event.description)
        case .restarted(let incarnation): (outcome, proof) = ("restarted", incarnation.text)
        case .undecided: (outcome, proof) = ("undecided", nil)
        }
    }
}
