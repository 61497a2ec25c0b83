/// What this version can do, of all that a configuration can ask for.
///
/// Every key is read and checked in full; what the daemon cannot honour yet is then refused by this table. A
/// feature becomes available by changing its line here.
enum Availability {
    /// The detectors the daemon implements.
    static let detectors: [DetectorKind] = DetectorKind.allCases

    /// Whether `[detection.target]` may be used.
    static let detectionTarget = false

    /// What a person reads about a thing this version cannot do.
    static let notYet = "is not available in this version yet"
}
