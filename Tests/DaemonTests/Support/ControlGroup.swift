import Glibc
import Testing

/// A control group of a test's own, of version 1 or 2, whichever this machine has.
struct ControlGroup {
    /// What the group is to control.
    enum Controller: String {
        /// Whether its processes run at all.
        case freezer
        /// How much of a processor they may use.
        case cpu
    }

    private let parent: String
    private let folder: String
    private let isUnified: Bool

    /// Makes the group; `nil` where that is not possible, as without root.
    init?(_ controller: Controller) {
        let root = "/sys/fs/cgroup"
        isUnified = access("\(root)/cgroup.controllers", F_OK) == 0
        parent = isUnified ? root : "\(root)/\(controller.rawValue)"
        folder = "\(parent)/suspectd-test-\(getpid())"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { return nil }
        let file = isUnified ? (controller == .freezer ? "cgroup.freeze" : "cpu.max") : "cgroup.procs"
        guard access("\(folder)/\(file)", W_OK) == 0 else {
            rmdir(folder)
            return nil
        }
    }

    /// Whether such a group can be made.
    static func isPossible(_ controller: Controller) -> Bool {
        guard let trial = ControlGroup(controller) else { return false }
        return rmdir(trial.folder) == 0
    }

    /// Takes a process in.
    func take(_ process: CInt?) throws {
        try overwrite("\(folder)/cgroup.procs", with: "\(try #require(process))")
    }

    /// Stops its processes, or lets them continue.
    func freeze(_ isFrozen: Bool) throws {
        try isUnified
            ? overwrite("\(folder)/cgroup.freeze", with: isFrozen ? "1" : "0")
            : overwrite("\(folder)/freezer.state", with: isFrozen ? "FROZEN" : "THAWED")
    }

    /// Gives its processes so many hundredths of one processor.
    func limit(percent: Int) throws {
        try isUnified
            ? overwrite("\(folder)/cpu.max", with: "\(percent * 1_000) 100000")
            : overwrite("\(folder)/cpu.cfs_quota_us", with: "\(percent * 1_000)")
    }

    /// Lets a process out and removes the group.
    func release(_ process: CInt?) throws {
        try overwrite("\(parent)/cgroup.procs", with: "\(try #require(process))")
        try #require(rmdir(folder) == 0)
    }
}
