package import StatusAPI

extension ReportedState {
    /// What the state means, as a legend has it.
    package var meaning: String {
        switch self {
        case .unknown: "not heard yet, and within startup_grace"
        case .trusted: "heard in time"
        case .pending: "overdue, and being pinged; it counts as trusted until the pings have failed"
        case .suspected:
            "probably failed: it is overdue and answered no ping, its port is closed, or it comes and goes"
        case .left: "it announced a planned stop, or a reboot"
        case .other: "a state that this suspectctl, older than the daemon, does not know"
        }
    }
}

extension ReportedCause {
    /// What the cause means, as the end of a sentence.
    package var meaning: String {
        switch self {
        case .crash: "its host or its suspectd stopped: no other node hears it, or its port is closed"
        case .link: "others hear it, so the link between it and this node is broken"
        case .inbound: "it hears this node, but this node does not hear it"
        case .outbound: "this node hears it, but it does not hear this node; it stays trusted"
        case .isolated: "it fell silent with all peers, or most, so the failure is probably this node's own"
        case .daemon: "its host said that suspectd ended there, and not as planned: the host was running then"
        case .unknown:
            "the evidence does not distinguish the possible causes, or it is heard again after it came and went"
        case .neverHeard:
            "this daemon never heard it: is suspectd running there, are its id and address right here?"
        case .other: "a cause that this suspectctl, older than the daemon, does not know"
        }
    }
}

extension ReportedCertainty {
    /// What the certainty means, as a legend has it.
    package var meaning: String {
        switch self {
        case .proved: "the cause follows from messages that were received"
        case .suspected: "the cause is the most likely explanation; JSON, hooks and the journal say suspected"
        case .other: "a certainty that this suspectctl, older than the daemon, does not know"
        }
    }
}

extension ReportedEventKind {
    /// What the event means, as a legend has it.
    package var meaning: String {
        switch self {
        case .start: "the daemon began to watch"
        case .stop: "the daemon stopped as planned"
        case .suspect:
            "a peer became suspected; its cause changed while no quorum agrees, to unknown where it is heard again and has yet "
                + "to show that it stays; or a quorum no longer agrees"
        case .trust: "a peer became trusted, or hears this node again"
        case .pending: "a peer is overdue and being pinged; not kept, and no change for hooks"
        case .confirm:
            "a quorum of independent observers agrees with a suspicion, or still does after its cause has changed"
        case .restart: "a peer has a new incarnation"
        case .leave:
            "a peer announced a planned stop, or a reboot: suspected if it is not back within 15 minutes"
        case .isolated:
            "no peer is heard any more, or most fell silent together, or none has been heard yet; a suspect event follows for each"
        case .rejoined: "a peer is heard again, or for the first time: the isolation is over"
        case .asymmetric: "a peer is heard and does not hear this node"
        case .flapping:
            "a peer comes and goes, or restarts, so often that it stays suspected until it was heard in time several times in a row"
        case .conflict: "two daemons use one id, or an identity went back in time"
        case .config: "the configuration was loaded or refused, or a target cannot be kept"
        case .stall: "the daemon was paused; no peer is blamed for that time"
        case .removed: "a peer is no longer configured"
        case .service: "a service has ended, hangs, was restarted, is up, or was stopped as planned"
        case .other: "an event that this suspectctl, older than the daemon, does not know"
        }
    }
}

extension ReportedServiceState {
    /// What the state means, as a legend has it.
    package var meaning: String {
        switch self {
        case .up: "it runs"
        case .starting: "it is being started"
        case .reloading: "it reads its configuration again; it counts as up"
        case .stopping: "it is being stopped"
        case .stopped: "it does not run, and nothing is wrong with that"
        case .down: "its main process has ended, as the kernel of its host reports; the cause is to follow"
        case .failed: "it has ended, and is not being restarted"
        case .hung: "it runs and makes no progress: its cgroup is frozen, or it makes no call of Alive"
        case .restarting: "it has ended, and the service manager is about to start it again"
        case .unknown:
            "its host is suspected, has left or was not heard, there is no such unit there, or the service manager there cannot say"
        case .other: "a state that this suspectctl, older than the daemon, does not know"
        }
    }
}

/// The terms of the line `health` of `status`.
enum HealthTerm: String, CaseIterable {
    case lag = "loop lag"
    case stall
    case score = "lag score"
    case drops = "dropped by the kernel"

    /// What it means, as a legend has it.
    var meaning: String {
        switch self {
        case .lag:
            "how late the daemon woke up, the last time and at worst: this host was short of processor time"
        case .stall:
            "the daemon was away for so long that deadlines were moved; no peer is blamed for that time"
        case .score:
            "0 to 8, how slow this host has been lately; each point makes margins and waits a sixteenth longer"
        case .drops: "datagrams for which the receive buffer had no space"
        }
    }
}
