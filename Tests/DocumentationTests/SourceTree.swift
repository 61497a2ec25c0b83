import Glibc
import Testing

/// The files of the source tree that these tests were built from.
enum SourceTree {
    private static let root =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

    /// The absolute path of a file, given from the root of the tree.
    static func path(_ name: String) -> String { root + "/" + name }

    /// The text of a file, given from the root of the tree.
    /// - Parameter name: such as `docs/man/suspectd.8.scd`.
    /// - Returns: all of it.
    /// - Throws: an expectation that failed, when there is no such file.
    static func text(of name: String) throws -> String {
        let file = try #require(fopen(path(name), "r") as UnsafeMutablePointer<FILE>?, "\(name) is missing")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
