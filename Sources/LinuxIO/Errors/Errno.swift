internal import CLinux
internal import Glibc

/// The cause of a failed system call, typed so that callers match on names and not on numbers.
package struct Errno: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The number, as `errno.h` defines it for Linux.
    package let rawValue: CInt

    /// Wraps a number; every number is allowed, known or not.
    package init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// The cause of the calling thread's latest failure; to be read before anything else is called.
    package static var current: Errno { Errno(rawValue: Glibc.errno) }

    /// EPERM.
    package static let notPermitted = Errno(rawValue: EPERM)
    /// ENOENT.
    package static let noSuchFileOrDirectory = Errno(rawValue: ENOENT)
    /// ESRCH.
    package static let noSuchProcess = Errno(rawValue: ESRCH)
    /// EINTR.
    package static let interrupted = Errno(rawValue: EINTR)
    /// EAGAIN, which Linux also calls EWOULDBLOCK.
    package static let wouldBlock = Errno(rawValue: EAGAIN)
    /// ENOMEM.
    package static let noMemory = Errno(rawValue: ENOMEM)
    /// EACCES.
    package static let permissionDenied = Errno(rawValue: EACCES)
    /// What was read is not what was written: EBADMSG.
    package static let damaged = Errno(rawValue: EBADMSG)
    /// EEXIST.
    package static let fileExists = Errno(rawValue: EEXIST)
    /// ENOTDIR.
    package static let notDirectory = Errno(rawValue: ENOTDIR)
    /// EISDIR.
    package static let isDirectory = Errno(rawValue: EISDIR)
    /// EINVAL.
    package static let invalidArgument = Errno(rawValue: EINVAL)
    /// ENODATA.
    package static let noData = Errno(rawValue: ENODATA)
    /// ENXIO.
    package static let noSuchDeviceOrAddress = Errno(rawValue: ENXIO)
    /// ENODEV.
    package static let noSuchDevice = Errno(rawValue: ENODEV)
    /// ENFILE.
    package static let tooManyOpenFilesInSystem = Errno(rawValue: ENFILE)
    /// EMFILE.
    package static let tooManyOpenFiles = Errno(rawValue: EMFILE)
    /// EFBIG.
    package static let fileTooLarge = Errno(rawValue: EFBIG)
    /// ENOSPC.
    package static let noSpace = Errno(rawValue: ENOSPC)
    /// EROFS.
    package static let readOnlyFileSystem = Errno(rawValue: EROFS)
    /// EPIPE.
    package static let brokenPipe = Errno(rawValue: EPIPE)
    /// ENAMETOOLONG.
    package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    /// EMSGSIZE.
    package static let messageTooLong = Errno(rawValue: EMSGSIZE)
    /// EAFNOSUPPORT.
    package static let addressFamilyNotSupported = Errno(rawValue: EAFNOSUPPORT)
    /// EADDRINUSE.
    package static let addressInUse = Errno(rawValue: EADDRINUSE)
    /// EADDRNOTAVAIL.
    package static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    /// ENETUNREACH.
    package static let networkUnreachable = Errno(rawValue: ENETUNREACH)
    /// ECONNABORTED.
    package static let connectionAborted = Errno(rawValue: ECONNABORTED)
    /// ECONNRESET.
    package static let connectionReset = Errno(rawValue: ECONNRESET)
    /// ENOBUFS.
    package static let noBufferSpace = Errno(rawValue: ENOBUFS)
    /// ETIMEDOUT.
    package static let timedOut = Errno(rawValue: ETIMEDOUT)
    /// ECONNREFUSED.
    package static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    /// EHOSTUNREACH.
    package static let hostUnreachable = Errno(rawValue: EHOSTUNREACH)
    /// ELOOP.
    package static let tooManySymbolicLinks = Errno(rawValue: ELOOP)
    /// EDQUOT.
    package static let quotaExceeded = Errno(rawValue: EDQUOT)
    /// EIO.
    package static let inputOutput = Errno(rawValue: EIO)

    /// Whether the disk is full, read-only or broken: nothing can be written for now, and nothing else is wrong.
    package var isFullOrReadOnlyDisk: Bool {
        [.noSpace, .quotaExceeded, .readOnlyFileSystem, .inputOutput].contains(self)
    }

    /// Whether something else is where a plain file is expected: a folder, a symbolic link that leads nowhere, a socket, a
    /// device without end.
    package var isOfNoPlainFile: Bool {
        [.isDirectory, .tooManySymbolicLinks, .noSuchDeviceOrAddress, .fileTooLarge].contains(self)
    }
}

extension Errno: CustomStringConvertible {
    /// The C library's English text, such as "Address already in use".
    package var description: String {
        guard let text = clinux_error_text(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }
}
