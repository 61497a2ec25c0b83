/// The state in which a peer is reported.
///
/// The raw values are a contract with scripts: never change the meaning of one.
package enum ReportedState: String, Codable, CaseIterable, Sendable {
    /// Never heard, and not yet overdue.
    case unknown
    /// Heard in time.
    case trusted
    /// Overdue and being pinged; it counts as trusted until the pings have failed too.
    case pending
    /// Overdue, and it answered no ping.
    case suspected
    /// It announced a planned stop.
    case left
}

/// Why a peer is suspected, or what is wrong with its link while it is trusted.
package enum ReportedCause: String, Codable, CaseIterable, Sendable {
    /// Nobody hears it, or its port is closed.
    case crash
    /// Other peers hear it: the link between it and us is broken.
    case link
    /// It hears us; we do not hear it.
    case inbound
    /// We hear it; it does not hear us. Reported while the peer is still trusted.
    case outbound
    /// We lost everyone: the failure is probably ours.
    case isolated
    /// Nothing is known that would tell the other causes apart.
    case unknown
}

/// How sure a cause is.
package enum ReportedCertainty: String, Codable, CaseIterable, Sendable {
    /// It follows from acknowledgements or vector clocks.
    case proved
    /// It is the likeliest explanation of what was seen.
    case suspected
}

/// The kinds of event that a daemon reports.
package enum ReportedEventKind: String, Codable, CaseIterable, Sendable {
    /// The daemon began to watch.
    case start
    /// The daemon stopped by plan.
    case stop
    /// A peer became suspected.
    case suspect
    /// A peer became trusted, for the first time or again.
    case trust
    /// A peer is overdue and is being pinged.
    case pending
    /// A quorum of independent witnesses agrees with a suspicion.
    case confirm
    /// A peer came back in a new epoch.
    case restart
    /// A peer announced a planned stop.
    case leave
    /// We hear nobody any more.
    case isolated
    /// We hear someone again.
    case rejoined
    /// Only one direction of a link works.
    case asymmetric
    /// A peer changes between trusted and suspected too often to be believed at once.
    case flapping
    /// Two processes use one identity, or an identity went back in time.
    case conflict
    /// The configuration was loaded or refused.
    case config
    /// Our own loop was away for longer than it should.
    case stall
}
