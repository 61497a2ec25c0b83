internal import Glibc

/// What an operator can do about `errno` from `call` on `object`; nil when the cause leaves nothing to add.
func usualRemedy(for errno: Errno, call: String, on object: String = "") -> String? {
    switch errno {
    case .addressInUse: "is another suspectd running? see 'ss -lunp'"
    case .addressNotAvailable: "no interface has this address; see 'ip address', or listen on 0.0.0.0 or [::]"
    case .addressFamilyNotSupported:
        "this address family is off; see net.ipv6.conf.all.disable_ipv6 and RestrictAddressFamilies="
    case .permissionDenied, .notPermitted: permissionRemedy(call: call)
    case .tooManyOpenFiles: "raise LimitNOFILE= in the unit, or 'ulimit -n' in the shell"
    case .tooManyOpenFilesInSystem: "raise the sysctl fs.file-max"
    case .noSpace: "free some space; see 'df -h' and, for inodes, 'df -i'"
    case .quotaExceeded: "free some space or raise the quota; see 'quota'"
    case .readOnlyFileSystem:
        "see 'findmnt -T' and 'dmesg' for the disk; under the unit, add the directory to ReadWritePaths= or StateDirectory="
    case .noSuchFileOrDirectory: missingFileRemedy(call: call, object)
    case .notDirectory: "a component of the path is a file, not a directory; see 'namei -l'"
    case .noMemory, .noBufferSpace: "the kernel is short of memory; see 'free -h' and MemoryMax="
    case .networkUnreachable, .hostUnreachable: "there is no route; see 'ip route get ADDRESS'"
    case .connectionRefused: "no process serves it; see 'systemctl status suspectd'"
    case .nameTooLong: "choose a shorter path"
    default: nil
    }
}

/// Refused calls on sockets and on files have different cures.
private func permissionRemedy(call: String) -> String {
    switch call {
    case "bind": "ports below 1024 need CAP_NET_BIND_SERVICE, and a socket path a directory you may write"
    case "connect": "add your user to the group that owns the socket; see 'ls -l' on it"
    default: "check the owner and mode with 'namei -l'; the daemon's user must be allowed"
    }
}

/// A missing directory or file is made; a missing socket means that the daemon is not there.
private func missingFileRemedy(call: String, _ object: String) -> String {
    switch call {
    case "connect": "is the daemon running? see 'systemctl status suspectd'"
    case "execve": "there is no such program"
    case "open" where object.contains("/") && access(directoryName(of: object), F_OK) == 0:
        "the file does not exist; create it, or name another"
    default: "the directory does not exist; create it, or name another"
    }
}
