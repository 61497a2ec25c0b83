internal import Glibc

/// What stands behind a descriptor that another process opened.
package enum DescriptorKind: Hashable, Sendable {
    /// A UDP socket of either family.
    case datagrams
    /// A UNIX stream socket that listens.
    case listener
    /// A TCP socket of either family that listens.
    case tcpListener
    /// A plain file, such as one that is only memory.
    case file
    /// Anything else.
    case other

    /// Checks a descriptor; a closed one is `other`.
    package init(of raw: CInt) {
        var status = stat()
        guard fstat(raw, &status) == 0 else {
            self = .other
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFSOCK: self = Self(ofSocket: raw)
        default: self = .other
        }
    }

    private init(ofSocket raw: CInt) {
        let (family, type) = (Self.option(SO_DOMAIN, of: raw), Self.option(SO_TYPE, of: raw))
        let isListening = Self.option(SO_ACCEPTCONN, of: raw) == 1
        switch family {
        case AF_INET, AF_INET6:
            self =
                type == CInt(SOCK_DGRAM.rawValue) ? .datagrams : isListening ? .tcpListener : .other
        case AF_UNIX where isListening: self = .listener
        default: self = .other
        }
    }

    private static func option(_ name: CInt, of raw: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(raw, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }
}
