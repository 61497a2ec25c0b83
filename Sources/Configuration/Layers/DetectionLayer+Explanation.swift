extension DetectionLayer {
    /// Every value in effect with its origin; this layer has its gaps filled already.
    ///
    /// - Parameters:
    ///   - name: the table to show the keys of `[detection]` under.
    ///   - ping: the table to show those of `[ping]` under.
    /// - Returns: one row a key, without the knobs that the detector does not have.
    func explained(_ name: String, ping: String) -> [EffectiveValue] {
        let settings = resolve()
        // For a peer both are one table, which is shown in one piece.
        let pingRows = pingRows(settings, ping)
        return detectionRows(settings, name)
            + (ping == name ? pingRows + targetRows(name) : targetRows(name) + pingRows)
    }

    private func detectionRows(_ settings: DetectionSettings, _ name: String) -> [EffectiveValue] {
        let rows: [EffectiveValue?] = [
            row(name, "profile", quoted(settings.profile.rawValue), profile?.location, "default"),
            row(name, "mode", quoted(settings.mode.rawValue), mode?.location, "default"),
            derivable(
                name, "heartbeat_interval", text(settings.heartbeatInterval), heartbeatInterval?.location,
                "profile \(settings.profile.rawValue)"),
            row(
                name, "heartbeat_jitter", "\(settings.heartbeatJitter)", heartbeatJitter?.location, "default"),
            row(name, "detector", quoted(settings.detector.rawValue), detector?.location, "default"),
            knob(settings, name),
            row(
                name, "startup_grace", text(settings.startupGrace), startupGrace?.location,
                "default, five intervals, 2s at least"),
        ]
        return rows.compactMap { $0 }
    }

    /// The parameter of the detector.
    private func knob(_ settings: DetectionSettings, _ name: String) -> EffectiveValue {
        switch settings.detector.knob {
        case "margin":
            derivable(
                name, "margin", text(settings.margin), margin?.location,
                "default, follows from interval and mode")
        case "timeout":
            derivable(
                name, "timeout", text(settings.timeout), timeout?.location,
                "default, \(settings.timeoutHalfIntervals)/2 of the interval that the peer announces")
        default:
            row(
                name, "threshold", "\(settings.threshold)", threshold?.location,
                "default of \(settings.detector.rawValue) in this mode")
        }
    }

    private func targetRows(_ name: String) -> [EffectiveValue] {
        guard let target else { return [] }
        let values = [
            ("detection_time", target.value.detectionTime),
            ("mistake_recurrence", target.value.mistakeRecurrence),
            ("mistake_duration", target.value.mistakeDuration),
        ]
        return values.map { row("\(name).target", $0, text($1), targetKeys[$0], "default") }
    }

    private func pingRows(_ settings: DetectionSettings, _ name: String) -> [EffectiveValue] {
        guard settings.mode != .heartbeat else { return [] }
        return [
            derivable(
                name, "retries", "\(settings.ping.retries)", retries?.location,
                "default, so that the pings fill an interval"),
            derivable(
                name, "minimum_timeout", text(settings.ping.minimumTimeout), minimumTimeout?.location,
                "default, an eighth of the interval, 7ms at least"),
            row(
                name, "maximum_timeout", text(settings.ping.maximumTimeout), maximumTimeout?.location,
                "profile \(settings.profile.rawValue)"),
            row(
                name, "maximum_round", text(settings.ping.maximumRound), maximumRound?.location,
                "profile \(settings.profile.rawValue)"),
        ]
    }

    /// A value that is derived while the daemon runs, if there is a target.
    private func derivable(
        _ table: String, _ key: String, _ value: String, _ location: Location?, _ fallback: String
    ) -> EffectiveValue {
        guard let target else { return row(table, key, value, location, fallback) }
        return EffectiveValue(
            table: table, key: key, value: nil, origin: "derived from the target at \(target.location)",
            isWritten: false)
    }

    private func row(
        _ table: String, _ key: String, _ value: String, _ location: Location?, _ fallback: String
    ) -> EffectiveValue {
        EffectiveValue(
            table: table, key: key, value: value, origin: location?.description ?? fallback,
            isWritten: location != nil)
    }

    private func text(_ duration: Duration) -> String { quoted(DurationText.format(duration)) }
}
