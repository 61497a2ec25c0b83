internal import CSystemd
internal import Glibc

/// A descriptor that the service manager gave us at the start: a socket of a `.socket` unit, or what an
/// earlier incarnation put into the file-descriptor store.
package struct PassedDescriptor: Hashable, Sendable {
    /// Its `FileDescriptorName=` or `FDNAME=`; "unknown" when it has none.
    package let name: String
    /// The number; the receiver has to own it.
    package let raw: CInt

    /// A descriptor under its name.
    package init(name: String, raw: CInt) {
        self.name = name
        self.raw = raw
    }

    /// Takes all that was passed to this process, in the manager's order, which is not always the same.
    ///
    /// The variables (`LISTEN_PID`, `LISTEN_FDS`, `LISTEN_FDNAMES`) are removed, so a second call returns nothing, and
    /// the descriptors are kept from children. Nothing is passed when the variables are meant for another process.
    package static func takeAll() -> [PassedDescriptor] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count > 0, let names else { return [] }
        defer { free(names) }
        return (0..<count).map { index in
            let name = names[Int(index)].map { String(cString: $0) } ?? "unknown"
            free(names[Int(index)])
            return PassedDescriptor(name: name, raw: firstPassed + index)
        }
    }

    /// `SD_LISTEN_FDS_START`.
    private static let firstPassed: CInt = 3
}
