internal import Glibc

/// A user of this system, and what its permissions let it read.
package struct SystemUser: Equatable, Sendable {
    /// Its number.
    package let id: UInt32
    /// Its groups.
    package let groups: [UInt32]

    /// A user by its numbers.
    package init(id: UInt32, groups: [UInt32]) {
        self.id = id
        self.groups = groups
    }

    /// Looks a user up.
    ///
    /// - Returns: `nil` where the system has no such user.
    package init?(named name: String) {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        var groups = [UInt32](repeating: 0, count: 256)
        var count = CInt(groups.count)
        guard getgrouplist(name, entry.pw_gid, &groups, &count) >= 0 else { return nil }
        self.init(id: entry.pw_uid, groups: Array(groups.prefix(Int(count))))
    }

    /// Why the user cannot read a file, with the remedy; `nil` where nothing keeps it from that.
    ///
    /// The permissions of the file and of the folders above it are checked; access lists are not.
    package func obstacle(toReading path: String) -> String? {
        guard id != 0 else { return nil }
        for folder in Self.folders(above: path) {
            guard let status = Self.status(of: folder), !allows(status, 0o1) else { continue }
            return "it may not enter \(folder); run \"chgrp suspectd \(folder) && chmod 0750 \(folder)\""
        }
        guard let status = Self.status(of: path), !allows(status, 0o4) else { return nil }
        return "run \"chgrp suspectd \(path) && chmod 0640 \(path)\""
    }

    /// The group of a name.
    ///
    /// - Returns: its number; `nil` where the system has no such group.
    package static func groupID(named name: String) -> UInt32? {
        var buffer = [CChar](repeating: 0, count: 65_536)
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }

    private func allows(_ status: stat, _ right: mode_t) -> Bool {
        if status.st_uid == id { return status.st_mode & right << 6 != 0 }
        if groups.contains(status.st_gid) { return status.st_mode & right << 3 != 0 }
        return status.st_mode & right != 0
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// `/a`, `/a/b` of `/a/b/c`.
    private static func folders(above path: String) -> [String] {
        var folders: [String] = []
        for part in path.split(separator: "/").dropLast() {
            folders.append((folders.last ?? (path.hasPrefix("/") ? "" : ".")) + "/" + part)
        }
        return folders
    }
}

/// The credentials that a service manager handed to this process.
package enum ServiceCredentials {
    /// Whether there are any.
    package static var areHere: Bool { getenv("CREDENTIALS_DIRECTORY") != nil }
}

/// The user that runs this process.
package enum CurrentUser {
    /// Whether it is root.
    package static var isRoot: Bool { geteuid() == 0 }
}
