/// Something that happened (the interface's type `Event`).
package struct EventReport: Codable, Equatable, Sendable {
    /// When, in wall-clock microseconds since 1970.
    package var timeUSec: Int
    /// The event's own name, unique in the cluster.
    package var dot: DotText
    /// What happened.
    package var event: ReportedEventKind
    /// To which peer; absent when it concerns this daemon alone.
    package var peer: String?
    /// The service of that host; absent when the event is none of a service's.
    package var service: String?
    /// What the service does now.
    package var state: ReportedServiceState?
    /// The status or the signal with which the service ended, in words; absent when there is nothing to say.
    package var detail: String?
    /// Which activation of the service it is.
    package var generation: Int?
    /// When the activation before ended, where this one is its restart; in wall-clock microseconds since 1970.
    package var endedUSec: Int?
    /// Why, for suspicions and broken links; of a service why it is in its state.
    package var cause: ReportedCause?
    /// How sure the cause is.
    package var certainty: ReportedCertainty?
    /// The detection time of the subscriber whose own verdict this is; absent in the daemon's events.
    package var detectionTimeUSec: Int?
    /// The level, in thousandths, of the subscriber whose own verdict this is; absent in the daemon's events.
    package var level: Int?
    /// What it rests on.
    package var evidence: EvidenceReport

    /// Describes an event.
    package init(
        timeUSec: Int, dot: DotText, event: ReportedEventKind, peer: String? = nil,
        cause: ReportedCause? = nil, certainty: ReportedCertainty? = nil, evidence: EvidenceReport
    ) {
        self.timeUSec = timeUSec
        self.dot = dot
        self.event = event
        self.peer = peer
        self.cause = cause
        self.certainty = certainty
        self.evidence = evidence
    }

    /// Describes an event of a service.
    package init(
        timeUSec: Int, dot: DotText, event: ReportedEventKind, service: String, of host: String,
        evidence: EvidenceReport
    ) {
        self.init(timeUSec: timeUSec, dot: dot, event: event, peer: host, evidence: evidence)
        self.service = service
    }

    /// Whether this is a verdict by a subscriber's own threshold.
    package var isByOwnThreshold: Bool { detectionTimeUSec != nil || level != nil }
}
