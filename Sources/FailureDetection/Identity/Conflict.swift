/// How the messages of a peer contradict that it is one process with one past.
public enum Conflict: String, Sendable, BitwiseCopyable, CaseIterable {
    /// It mentions events of ours that we have not had: another process has our identity, or we were set back.
    case ownEvents
    /// Two different messages carry one number.
    case numberTwice
    /// A later message knows less than an earlier one.
    case wentBack
    /// An event of it knows one of ours that knew a later event of it: it was set back, or another process lies.
    case impossible
    /// An earlier incarnation of it acts after a later one has begun, and the later one continues.
    case twoIncarnations
}
