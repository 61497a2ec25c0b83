import Glibc
import Testing

/// The source tree that this test is part of.
enum SourceTree {
    /// Its root: three folders up from this file.
    static let root = String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })

    /// The Swift files of `Sources`.
    static let sources = swiftFiles(below: "Sources")
    /// The Swift files of `Tests`.
    static let tests = swiftFiles(below: "Tests")

    /// The Swift files of the targets that import no system module.
    static var pure: [SourceFile] { sources.filter { ImportTable.pureTargets.contains(String($0.target)) } }

    /// The folders of `Sources`, one a target, sorted.
    static var targets: [String] { entries(of: "Sources").filter { !$0.hasPrefix(".") } }

    /// The text of the file `path`, or `nil` if there is none.
    static func text(of path: String) -> String? {
        guard let stream = fopen("\(root)/\(path)", "r") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&block, 1, block.count, stream)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += block[..<count]
        }
    }

    /// Whether there is a file `path`.
    static func exists(_ path: String) -> Bool {
        access("\(root)/\(path)", F_OK) == 0
    }

    private static func swiftFiles(below folder: String) -> [SourceFile] {
        entries(of: folder).flatMap { name -> [SourceFile] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") {
                return text(of: path).map { [SourceFile(path: path, text: $0)] } ?? []
            }
            return name.contains(".") ? [] : swiftFiles(below: path)
        }
    }

    /// The names in `folder`, sorted; none if it is no folder.
    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}
