internal import Glibc

/// Whose state a folder holds: the id in its file `epoch`, which the daemon writes at its first start.
package enum StateOwner {
    /// The longest file that is read, in bytes; the daemon writes one short line.
    private static let limit = 4_096

    /// The id of the node that has used a state folder.
    ///
    /// - Returns: `nil` where there is none yet, or where it cannot be read: then the daemon says why.
    package static func read(_ folder: String) -> String? {
        let descriptor = open("\(folder)/epoch", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let words = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 2, UInt64(words[1]) != nil else { return nil }
        let id = String(words[0])
        return NodeID.problem(with: id) == nil ? id : nil
    }
}
