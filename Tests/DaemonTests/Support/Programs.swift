import Glibc

/// The programs under test, which the build puts beside the test bundle.
enum Programs {
    /// The daemon.
    static let daemon = folder + "/suspectd"
    /// The control tool.
    static let control = folder + "/suspectctl"
    /// The demo.
    static let demo = folder + "/suspectd-demo"

    private static let folder: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }()
}
