import StatusAPI
import Testing

/// What JSON looks like, and what is refused.
@Suite("JSON text")
struct JSONTextTests {
    @Test(
        "brackets are counted outside strings only",
        arguments: [
            ("[[[]]]", 3, false), ("[[[]]]", 2, true), ("\"[[[[\"", 0, false), ("\"\\\"[[\"[", 1, false),
            ("{\"a\":[{}]}", 2, true), ("[][][]", 1, false), ("\"\\\\\"[[", 1, true), ("", 0, false),
        ])
    func nesting(text: String, limit: Int, tooDeep: Bool) {
        #expect(JSONText.nests(text.utf8, deeperThan: limit) == tooDeep)
    }

    @Test("keys are sorted, slashes stay, and what is absent is left out")
    func form() throws {
        let configuration = ConfigurationReport(path: "/a/ü", loadedUSec: 1)
        #expect(try JSONText.string(of: configuration) == #"{"loadedUSec":1,"path":"/a/ü"}"#)
    }

    @Test("a failure says where")
    func failure() {
        let text = #"{"loadedUSec":"soon","path":"/a"}"#
        let failure = #expect(throws: JSONFailure.self) {
            try JSONText.decode(ConfigurationReport.self, from: text.utf8)
        }
        #expect(failure?.path == ["loadedUSec"])
    }

    @Test(
        "a dot is one string",
        arguments: [
            ("db1@17:4", DotText(id: "db1", epoch: 17, counter: 4)),
            ("a@b@1:2", DotText(id: "a@b", epoch: 1, counter: 2)), ("@1:2", nil), ("a@1", nil),
            ("a@1:2:3", nil), ("a@-1:2", nil), ("a@x:2", nil), ("", nil), ("a@1:", nil),
        ] as [(String, DotText?)])
    func dots(text: String, dot: DotText?) throws {
        #expect(DotText(text) == dot)
        guard let dot else {
            #expect(throws: JSONFailure.self) {
                try JSONText.decode([DotText].self, from: "[\"\(text)\"]".utf8)
            }
            return
        }
        #expect(dot.description == text)
        #expect(try JSONText.string(of: [dot]) == "[\"\(text)\"]")
        #expect(try JSONText.decode([DotText].self, from: "[\"\(text)\"]".utf8) == [dot])
    }
}
