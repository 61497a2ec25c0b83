package import FailureDetection
package import Records

/// What a reader knows of the host on which a service runs.
package enum HostStanding: Sendable, BitwiseCopyable, CaseIterable {
    /// It is this host itself: that others suspect it means nothing here.
    case own
    /// It is heard, or no one suspects it.
    case trusted
    /// It is suspected, or doubted where it is not watched: what its services do is not known.
    case suspected
    /// It has left, or nothing was ever heard of it.
    case absent
}

/// A service as a reader shows it.
package struct ShownService: Sendable, Hashable {
    /// What is shown: `unknown` while its host is suspected or absent, whatever its last record says.
    package let state: ServiceState
    /// Why, as the record says; none while the state is unknown.
    package let cause: ServiceCause
    /// How firmly, as the record says.
    package let certainty: Certainty
    /// The last record.
    package let report: ServiceFacts

    /// What a reader shows of a report, by how its host stands at the same moment.
    package init(_ report: ServiceFacts, on standing: HostStanding) {
        let isKnown = standing == .own || standing == .trusted
        state = isKnown ? report.state : .unknown
        cause = isKnown ? report.cause : .none
        certainty = isKnown ? report.certainty : .suspected
        self.report = report
    }
}
