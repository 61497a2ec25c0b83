package import FailureDetection

/// The layers of evidence, the strongest first.
package enum EvidenceLayer: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The main process.
    case process
    /// The service manager.
    case manager
    /// The cgroup.
    case cgroup
    /// Calls of `Alive`.
    case progress
}

/// What one layer says of a service.
package enum LayerWord: Sendable, BitwiseCopyable, Hashable {
    /// Its main process has this number and runs.
    case processRuns(UInt32)
    /// Its main process, or the last of its processes, ended so long ago.
    case processEnded(TimeSpan)
    /// It has no main process that is known.
    case noProcess
    /// What the service manager says.
    case manager(ActiveState, job: UnitJob)
    /// The service manager has not loaded the unit.
    case notLoaded
    /// The service manager has said nothing yet.
    case nothing
    /// Its processes are frozen.
    case frozen
    /// Its processes are not frozen.
    case notFrozen
    /// Its last call of `Alive`, if it has made one, leaves so much time; negative when that is over.
    case progress(left: TimeSpan?, limit: TimeSpan)
}

extension ServiceWatch {
    /// What each layer says now, the strongest first; a layer that does not exist for the service is left out.
    package func layers(at now: Instant) -> [(layer: EvidenceLayer, word: LayerWord)] {
        var layers: [(layer: EvidenceLayer, word: LayerWord)] = [(.process, processWord(at: now))]
        layers.append((.manager, managerWord))
        if isCgroupSeen, endedAt == nil { layers.append((.cgroup, isFrozen ? .frozen : .notFrozen)) }
        if let limit = progress.given ?? progress.limit {
            let left = progress.hasBegun ? progress.timeLeft(at: now) : nil
            layers.append((.progress, .progress(left: left, limit: limit)))
        }
        return layers
    }

    private func processWord(at now: Instant) -> LayerWord {
        if let endedAt { return .processEnded(now - endedAt) }
        guard let pid = properties?.mainPID, pid != 0, unloaded == nil else { return .noProcess }
        return .processRuns(pid)
    }

    private var managerWord: LayerWord {
        if unloaded != nil { return .notLoaded }
        return properties.map { .manager($0.active, job: $0.job) } ?? .nothing
    }
}
