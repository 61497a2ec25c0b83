/// Reads the table `target` of `[detection]` or of a `[[peer]]`.
enum TargetReader {
    /// What the table asks for; nil when it has errors.
    static func read(_ table: TableReader, _ diagnostics: inout Diagnostics) -> Located<DetectionTarget>? {
        let time = table.duration("detection_time", in: Limits.detectionTime, &diagnostics)
        let recurrence = table.duration("mistake_recurrence", in: Limits.mistakeRecurrence, &diagnostics)
        let duration = table.duration("mistake_duration", in: Limits.mistakeDuration, &diagnostics)
        table.require(
            "detection_time",
            remedy: "add detection_time = \"1s\", the longest from a crash to the suspicion",
            &diagnostics)
        guard let time else { return nil }
        let target = DetectionTarget(
            detectionTime: time.value,
            mistakeRecurrence: recurrence?.value ?? ProfileDefaults.mistakeRecurrence,
            mistakeDuration: duration?.value ?? ProfileDefaults.mistakeDuration)
        return Located(value: target, location: table.location)
    }

    /// Records a detector to which no margin can be given, where a target is to derive one.
    static func checkDetector(_ layer: DetectionLayer, _ name: String, _ diagnostics: inout Diagnostics) {
        guard let target = layer.target, let detector = layer.detector, detector.value.knob == "threshold"
        else { return }
        let suited = DetectorKind.allCases.filter { $0.knob != "threshold" }.map(\.rawValue)
        diagnostics.error(
            "\(name).detector", at: detector.location,
            "\"\(detector.value.rawValue)\" has no margin that the target at \(target.location) could set",
            "use \(alternatives(suited)), or remove the target")
    }
}
