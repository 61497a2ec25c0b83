/// A detector of the library's user, as a choice among the others.
///
/// It is a prototype: each peer gets a copy of `detector` that has learnt nothing. It is kept behind one reference, so
/// that the settings of peers without one do not grow.
public struct CustomDetector: Sendable, Hashable {
    private final class Storage: Sendable {
        let name: String
        let detector: any SuspicionDetector & Hashable

        init(_ name: String, _ detector: any SuspicionDetector & Hashable) {
            self.name = name
            self.detector = detector
        }
    }

    private let storage: Storage

    /// Makes a choice of a detector.
    ///
    /// - Parameters:
    ///   - name: how reports and snapshots call it; other than the detectors of this library. What was learnt is kept
    ///     over a restart by this name.
    ///   - detector: has learnt nothing. Two choices are the same when their names and detectors are equal; other
    ///     settings for a peer make it begin again with a copy of this, which learns from the latest heartbeats.
    public init(name: String, detector: any SuspicionDetector & Hashable) {
        storage = Storage(name, detector)
    }

    /// How reports and snapshots call it.
    public var name: String { storage.name }

    /// The detector that each peer begins with.
    public var detector: any SuspicionDetector & Hashable { storage.detector }

    /// Whether both name the same rule with the same parameters.
    public static func == (left: CustomDetector, right: CustomDetector) -> Bool {
        left.storage === right.storage
            || left.name == right.name && AnyHashable(left.detector) == AnyHashable(right.detector)
    }

    /// Feeds the name and the detector to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(AnyHashable(detector))
    }
}
