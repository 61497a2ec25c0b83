internal import Glibc

/// Where standard error leads: into the journal, or to a terminal, a file or a pipe.
enum JournalStream {
    /// Whether `descriptor` is the journal's stream that `value`, the text of `$JOURNAL_STREAM`, refers to.
    ///
    /// The variable alone proves nothing, for it is inherited: under `suspectd 2>log` it is still set. It holds
    /// the device and inode number of the stream, so that they can be compared (systemd.exec(5)).
    static func isJournal(_ descriptor: CInt, journalStream value: String?) -> Bool {
        guard let (device, inode) = value.flatMap(parse) else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }

    /// The two numbers of `device:inode`, or `nil` if the text is not of that form.
    private static func parse(_ text: String) -> (device: UInt64, inode: UInt64)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else {
            return nil
        }
        return (device, inode)
    }
}
