internal import Configuration
internal import LinuxIO
internal import Sealing
internal import Systemd

extension EventLoop {
    /// Keeps what is said of this daemon when it has ended true.
    func keepLastWords() {
        guard lastWords.deadline <= state.now else { return }
        watchStateFiles()
        let failure = lastWords.advance(
            state.endpoint, key: state.keyring?.fingerprints.first, sources: transport.localAddresses,
            at: state.now)
        guard let failure else { return }
        let entry = JournalEntry(
            .warning,
            "should this daemon crash, its peers will not be informed that its host runs: \(failure)",
            id: .start)
        output?.write(.journal(entry))
    }

    /// Makes files anew that were removed beneath the daemon, and says so.
    private func watchStateFiles() {
        let findings = stateFiles.advance(at: state.now, isStored: state.isEpochStored)
        let missing = findings.missing.sorted().filter { name in
            switch name {
            case LastWordsFile.name: lastWords.noteMissing()
            case StateFilesWatch.epochName: state.noteMissingEpoch()
            default: true
            }
        }
        let directory = state.configuration.settings.node.stateDirectory
        if !missing.isEmpty { warn(Wording.removed(missing, from: directory)) }
        if let failure = findings.failure {
            warn("\(directory) is no longer locked, so that another daemon could use it: \(failure)")
        }
    }

    private func warn(_ text: String) {
        output?.write(.journal(JournalEntry(.warning, text, id: .shortage)))
    }
}
