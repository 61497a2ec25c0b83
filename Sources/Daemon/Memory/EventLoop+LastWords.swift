internal import LinuxIO
internal import Sealing
internal import Systemd

extension EventLoop {
    /// Keeps what is said of this daemon when it has ended true.
    func keepLastWords() {
        guard lastWords.deadline <= state.now else { return }
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
}
