import Glibc
import StatusAPI
import Testing

/// What each method answers, byte for byte, in files that also the authors of other clients can read.
///
/// A line that begins with `>` is a call, one with `<` a reply. `as root` changes the caller, `refusing TEXT` makes the
/// next configuration wrong, `refusing threshold TEXT` the next threshold, and `!` is what the daemon reports an open
/// stream.
@Suite("Golden files")
struct GoldenFileTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Golden"

    private static let files: [String] = {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".txt") { names.append(name) }
        }
        return names.sorted()
    }()

    @Test("each reply is the one in the file", arguments: files)
    func replies(file: String) throws {
        let lines = try lines(of: file)
        var told: [String] = []
        var conversation = Conversation()
        conversation.provider.conflicts = 1
        for line in lines where !line.hasPrefix("<") {
            told.append(line)
            told += try perform(line, in: &conversation).map { "< " + $0 }
        }
        #expect(told == lines, "\(file) should read:\n\(told.joined(separator: "\n"))")
    }

    @Test("every method has a file, and every error stands in one")
    func complete() throws {
        let service = MonitorInterface.service(version: "0.1.0")
        let texts = try Self.files.map { try lines(of: $0).joined(separator: "\n") }
        #expect(service.interfaces.count == 3)
        for interface in service.interfaces {
            for method in interface.methods {
                #expect(Self.files.contains("\(interface.name).\(method.name).txt"))
            }
            for error in try InterfaceLanguage(interface.description).errors.keys {
                let reply = "{\"error\":\"\(interface.name).\(error)\","
                #expect(texts.contains { $0.contains(reply) }, "no file shows \(interface.name).\(error)")
            }
        }
    }

    private func lines(of file: String) throws -> [String] {
        let stream = try #require(fopen("\(Self.folder)/\(file)", "r"), "\(file)")
        defer { fclose(stream) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&buffer, 1, buffer.count, stream)
        #expect(count < buffer.count, "\(file) is longer than this test reads")
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map { String($0) }
    }

    /// Performs a line, and returns the replies that it brings.
    private func perform(_ line: String, in conversation: inout Conversation) throws -> [String] {
        switch line {
        case "as root": conversation.become(userID: 0)
        case "! event": try conversation.session.push(.event(Full.event))
        case "! event with its peer": try conversation.session.push(.event(Full.event, peer: Full.peer))
        case "! heartbeats": try conversation.session.push(.heartbeats(Full.heartbeats))
        default:
            if line.hasPrefix("> ") { return try conversation.call(String(line.dropFirst(2))) }
            let words = line.split(separator: " ", maxSplits: 1)
            try #require(words.first == "refusing", "\(line)")
            let text = String(words[1])
            if text.hasPrefix("threshold ") {
                conversation.provider.subscriptionProblem = String(text.dropFirst("threshold ".count))
            } else {
                conversation.provider.refusal = ReloadFailure(errors: [text])
            }
        }
        return conversation.takeReplies()
    }
}
