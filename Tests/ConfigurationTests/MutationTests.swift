import TestSupport
import Testing

@testable import Configuration

@Suite("Random damage to a configuration")
struct MutationTests {
    private static let sample = """
        # a comment
        [node]
        id = "a" # another
        listen = [ "127.0.0.1:1", # one
          '[::1]:1',
        ]
        node2.x = 1979-05-27 07:32:00
        [detection]
        margin = "20ms"
        "quoted \\u0041" = \"\"\"
        [no]
        \"\"\"
        [detection.target]
        detection_time = "1s"
        [[peer]]
        id = "b"
        address = "b:1"
        ping = { retries = 3, x = [1, 2] }
        [[peer]]
        id = 'c'
        threshold = 8.0e1
        """

    private static let fragments = [
        "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "\"", "'", "\"\"\"", "'''", "#", "\n", "\r\n", "\\",
        "\\u0000",
        "[[peer]]\n", "[node]\n", "a = ", "ü", "\u{1}", "200ms", "0x", "inf", "\\U0010FFFF", " ",
    ].map { Array($0.utf8) }

    private func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.replaceSubrange(place..<end, with: [])
            case 1: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random) ?? [], at: place)
            case 2:
                bytes.insert(
                    contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 3 where place < bytes.count: bytes[place] = UInt8.random(in: 1...127, using: &random)
            default: bytes.swapAt(min(place, bytes.count - 1), max(0, end - 1))
            }
            if bytes.isEmpty { return Array(" ".utf8) }
        }
        return bytes
    }

    @Test("is met with settings or with well-formed errors, never with a crash", arguments: 0..<UInt64(8))
    func neverCrashes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try ConfigurationFolder()
        var refused = 0
        for _ in 0..<250 {
            try folder.write("suspectd.toml", bytes: damaged(Array(Self.sample.utf8), &random))
            let errors = folder.errors()
            refused += errors.isEmpty ? 0 : 1
            for error in errors {
                #expect(error.hasPrefix("suspectd.toml:") && error.contains("; "), "seed \(seed): \(error)")
                #expect(error.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            }
        }
        #expect(refused > 200)
    }

    @Test("leaves the locator with lines that exist", arguments: 0..<UInt64(8))
    func locatorStaysInBounds(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0xABCD)
        for _ in 0..<500 {
            let text = String(decoding: damaged(Array(Self.sample.utf8), &random), as: UTF8.self)
            let count = text.utf8.count { $0 == 0x0A } + 1
            #expect(KeyLocator(text).lines.values.allSatisfy { (1...count).contains($0) })
        }
    }

    @Test("never makes the locator miss a key of a text that the parser accepts", arguments: 0..<UInt64(8))
    func locatorIsComplete(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0x1234)
        var accepted = 0
        for _ in 0..<500 {
            let text = String(decoding: damaged(Array(Self.sample.utf8), &random), as: UTF8.self)
            var diagnostics = Diagnostics()
            guard !text.contains("\0"),
                let document = Document.parse(SourceFile(path: "f", text: text), &diagnostics)
            else { continue }
            accepted += 1
            let lines = KeyLocator(text).lines
            #expect(
                paths(of: document.root, at: []).allSatisfy { lines[$0] != nil }, "seed \(seed):\n\(text)")
        }
        #expect(accepted > 10)
    }

    private func paths(of entries: [ConfigurationEntry], at path: ValuePath) -> [ValuePath] {
        entries.flatMap { entry in
            [path + [.key(entry.key)]] + paths(of: entry.node.value, at: path + [.key(entry.key)])
        }
    }

    private func paths(of value: ConfigurationNode.Value, at path: ValuePath) -> [ValuePath] {
        switch value {
        case .table(let entries): paths(of: entries, at: path)
        case .array(let elements):
            elements.enumerated().flatMap { index, element in
                [path + [.index(index)]] + paths(of: element.value, at: path + [.index(index)])
            }
        default: []
        }
    }
}
