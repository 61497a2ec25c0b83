extension DetectorForm {
    /// What the detector expects, in a line of a legend.
    package var explanation: String {
        switch self {
        case .median: "median of the latest arrivals, and a margin (the default)"
        case .chen: "mean of the latest arrivals, and a margin"
        case .twoWindow: "the later of a short and a long mean, and a margin"
        case .phi: "normal intervals, a level of suspicion"
        case .exponential: "exponential intervals, a level of suspicion"
        case .bertier: "mean arrival, and deviations as in TCP"
        case .fixed: "a fixed timeout after the latest arrival"
        case .nfds: "synchronised clocks: sending time and a shift"
        case .chen100: "chen over 100 heartbeats, nominal intervals"
        case .chen1000: "chen over 1,000 heartbeats, nominal intervals"
        case .nominalTwoWindow: "two windows, nominal intervals"
        case .akka: "phi as in Akka"
        case .cassandra: "exponential as in Cassandra"
        case .jacobson: "mean and deviation of delays (Jacobson)"
        case .rto: "retransmission timeout of TCP (RFC 6298)"
        }
    }
}
