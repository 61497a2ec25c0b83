/// TCP's smoothed mean and deviation (RFC 6298), of a series of times.
struct SmoothedTime {
    private(set) var mean: Double
    private(set) var deviation: Double

    /// Starts from a first sample.
    init(_ sample: Double) {
        mean = sample
        deviation = sample / 2
    }

    /// Learns a further sample, with gains of 1/8 and 1/4; the deviation is from the mean before.
    mutating func learn(_ sample: Double) {
        deviation += (abs(mean - sample) - deviation) / 4
        mean += (sample - mean) / 8
    }
}
