internal import FailureDetection
internal import LinuxIO

/// Looking names up.
extension EventLoop {
    /// Takes what other threads have for the loop.
    func takeAnswers() {
        _ = wakeup.acknowledge()
        for answer in resolver.takeAnswers() { state.take(answer) }
    }

    /// Asks for the names that are due, and has the addresses written down that answer.
    func lookUpNames() {
        for host in state.takeDueLookups() { resolver.resolve(host) }
        guard addressFile.isIdle, let bytes = state.addresses.takeFile(at: state.now) else { return }
        addressFile.write(bytes)
    }
}
