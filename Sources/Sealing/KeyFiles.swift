internal import Glibc
package import LinuxIO

/// The files that `[security] keys` names.
package enum KeyFiles {
    private static let sizeLimit = 4_096

    /// What is wrong with a key file, and what to do.
    package struct Failure: Error, CustomStringConvertible {
        /// The sentence.
        package let description: String
        /// The cause.
        package let errno: Errno

        init(_ description: String, errno: Errno = .invalidArgument) {
            self.description = description
            self.errno = errno
        }
    }

    /// Reads all keys.
    ///
    /// - Parameter names: paths; a name without a slash is a credential of the service (`LoadCredential=`).
    /// - Throws: `Failure` for the first file that cannot be used.
    /// - Returns: the keyring; `nil` without names.
    package static func load(_ names: [String]) throws(Failure) -> Keyring? {
        guard names.count <= Keyring.limit else {
            throw Failure(
                "names \(names.count) files; at most \(Keyring.limit): "
                    + "remove those that no node seals with any more")
        }
        var keys: [SealingKey] = []
        for name in names { keys.append(try key(in: try path(of: name))) }
        let keyring = Keyring(keys)
        if let keyring { try refuseTwins(in: keyring, names) }
        return keyring
    }

    /// A user who copies the old key to the new name has not replaced it.
    private static func refuseTwins(in keyring: Keyring, _ names: [String]) throws(Failure) {
        for (place, number) in keyring.fingerprints.enumerated() {
            guard let first = keyring.fingerprints.firstIndex(of: number), first < place else { continue }
            throw Failure(
                "\"\(names[first])\" and \"\(names[place])\" hold the same key; leave one of them "
                    + "out, and make a new key with \"suspectctl key new FILE\"")
        }
    }

    private static func key(in path: String) throws(Failure) -> SealingKey {
        do {
            let contents = try SecretFile.read(path, limit: sizeLimit)
            return try contents.withSpan { (text) throws(SealingError) in try SealingKey(file: text) }
        } catch let error as SealingError {
            throw Failure("\(path): \(error)")
        } catch let error as SystemCallError {
            throw Failure("cannot read the key: \(error)", errno: error.errno)
        } catch {
            throw Failure("cannot read the key \(path): \(error)")
        }
    }

    private static func path(of name: String) throws(Failure) -> String {
        guard !name.contains("/") else { return name }
        guard let directory = getenv("CREDENTIALS_DIRECTORY") else {
            throw missing(name, "and the service was given none")
        }
        let path = String(cString: directory) + "/" + name
        guard access(path, F_OK) == 0 else { throw missing(name, "which the service was not given") }
        return path
    }

    private static func missing(_ name: String, _ what: String) -> Failure {
        Failure(
            "\"\(name)\" names a credential, \(what); "
                + "add LoadCredential=\(name):FILE to the unit, or write a path with a slash",
            errno: .noSuchFileOrDirectory)
    }
}
