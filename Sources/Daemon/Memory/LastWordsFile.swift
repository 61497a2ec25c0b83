internal import CausalClock
internal import LinuxIO
internal import Sealing
internal import Wire

/// The last words of a daemon in its state directory: what `suspectd --last-words` sends when it is gone.
///
///     last-words EPOCH COUNTER
///     boot ID                      of the kernel under which they were written
///     from ADDRESS                 where the daemon listens, a line each
///     ADDRESS DATAGRAM             for each peer; the datagram in hexadecimal digits
///
/// They are sealed already, so that no key is needed to send them; and sent once, for the file is renamed before. The process that
/// continues with the incarnation reads the counter there and counts on above it (`MonitorSnapshot.counter`).
struct LastWordsFile: Equatable {
    /// The names of the file, before it is sent and after.
    static let (name, sentName) = ("last-words", "last-words.sent")
    /// The longest one that is read, in bytes: 4,096 peers take a tenth of it.
    private static let limit = 16 << 20

    /// The incarnation.
    var epoch: Epoch
    /// The number that was kept for them.
    var counter: UInt64
    /// Under which boot of the host the daemon ran; empty where that is not known.
    var boot = ""
    /// Where the daemon listens.
    var sources: [SocketAddress] = []
    /// What is sent, and to which address.
    var datagrams: [(address: SocketAddress, bytes: [UInt8])] = []

    static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    init(epoch: Epoch, counter: UInt64) { (self.epoch, self.counter) = (epoch, counter) }

    /// Reads a file; `nil` when it is none.
    ///
    /// Lines that are none are passed over.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        guard let head = lines.first, head.count == 3, head[0] == "last-words", let epoch = UInt64(head[1]),
            let counter = UInt64(head[2]), counter <= VectorClock.maximumCounter
        else { return nil }
        self.init(epoch: Epoch(epoch), counter: counter)
        for words in lines.dropFirst() where words.count == 2 {
            if words[0] == "boot" {
                boot = String(words[1])
            } else if words[0] == "from" {
                if let address = SocketAddress(parsing: String(words[1])) { sources.append(address) }
            } else if let address = SocketAddress(parsing: String(words[0])),
                let bytes = Hexadecimal.bytes(words[1])
            {
                datagrams.append((address, bytes))
            }
        }
    }

    /// Reads the file of a directory; `nil` when there is none that can be read.
    init?(in directory: String, name: String = Self.name) {
        guard let bytes = try? DurableFile.read("\(directory)/\(name)", limit: Self.limit) else { return nil }
        self.init(bytes)
    }

    /// The whole file.
    var text: String {
        var text = "last-words \(epoch.value) \(counter)\n"
        if !boot.isEmpty { text += "boot \(boot)\n" }
        for source in sources { text += "from \(source)\n" }
        for (address, bytes) in datagrams { text += "\(address) \(Hexadecimal.text(bytes))\n" }
        return text
    }

    /// The present boot of the host; empty where nothing says which it is.
    ///
    /// Under the unit the service manager says it, for the kernel's file is out of reach there (`ProcSubset=pid`).
    static let presentBoot: String = {
        if let id = ProcessEnvironment.value(of: "SUSPECTD_BOOT_ID") { return plain(id) }
        let bytes = try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 64)
        return plain(String(decoding: bytes.flatMap { $0 } ?? [], as: UTF8.self))
    }()

    private static func plain(_ id: String) -> String { id.filter(\.isHexDigit) }
}
