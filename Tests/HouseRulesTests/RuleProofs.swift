import Testing

/// A file of a pure target that holds `text`.
private func file(_ text: String, path: String = "Sources/Wire/Sample.swift") -> SourceFile {
    SourceFile(path: path, text: text)
}

/// The lines of `violations`.
private func lines(_ violations: [Violation]) -> [Int] { violations.map(\.line) }

@Suite("each rule catches what it forbids, and nothing else")
struct RuleProofs {
    @Test("code is distinguished from comments and text, and an interpolation is code")
    func scanning() {
        let sample = file(
            ###"""
            let a = "Task" // Task
            let b = "x \(Task(")")) Task" /* Task /* Task */ Task */; Task
            let c = ##"Task \#(Task) \##(Task)"##
            let d = "\\"; Task
            """###)
        #expect(sample.linesOfCode(holding: "Task") == [2, 2, 3, 4])
        #expect(sample.linesOfComments(holding: "Task") == [1, 2, 2, 2])
    }

    @Test("text of several lines is text to its end")
    func multiline() {
        let sample = file("let a = \"\"\"\n  Task \"quoted\" Task\n  \"\"\"\nTask")
        #expect(sample.linesOfCode(holding: "Task") == [4])
    }

    @Test(
        "the pure targets' forbidden words are found",
        arguments: [
            "let now = ContinuousClock.now", "let t = SuspendingClock().now",
            "clock_gettime(CLOCK_MONOTONIC, &t)",
            "let d = Date()", "Task { }", "print(x)", "let x = Int.random(in: 0..<3)", "peers.shuffled()",
            "var g = SystemRandomNumberGenerator()", "let p = peers.randomElement()", "func f() async {}",
        ])
    func impurity(code: String) {
        #expect(
            ForbiddenWord.inPureTargets.contains {
                lines($0.violations(in: file("let a = 1\n" + code))) == [2]
            })
    }

    @Test(
        "what only looks like a forbidden word is left alone",
        arguments: [
            "let TaskList = 1", "let x = Int.random(in: 0..<3, using: &generator)",
            "peers.shuffled(using: &g)",
            "// print(x), by Date()", "let blueprint = 1", "let updateDate2 = 1", "let s = \"Task\"",
        ])
    func innocence(code: String) {
        #expect(ForbiddenWord.inPureTargets.allSatisfy { $0.violations(in: file(code)).isEmpty })
    }

    @Test("each banned word is found in comments and titles, and not in code or in names")
    func bannedWords() {
        for banned in BannedWord.all {
            let word = banned.word
            let capital = word.prefix(1).uppercased() + word.dropFirst()
            let wrong = [
                "let a = 1 // x \(word) y", "/// \(capital) y", "@Test(\"x \(word) y\")",
                "@Test(\n    \"\(capital) y\",", "///   - index: the \(word)",
            ]
            for text in wrong {
                let sample = file(text, path: "Tests/WireTests/Sample.swift")
                #expect(BannedWord.violations(in: sample).contains { $0.problem.contains(word) }, "\(text)")
            }
            let program = file("let x = \"a \(word) b\"", path: "Sources/Wire/Sample.swift")
            #expect(BannedWord.violations(in: program).count == 1, "\(word)")
            let test = file("let x = \"\(word)\"", path: "Tests/WireTests/Sample.swift")
            #expect(BannedWord.violations(in: test).isEmpty, "\(word)")
            let right = ["// a `\(word)` b", "// x\(word)y", "///   - \(word): x"]
            for text in right where !text.contains("- ") || !word.contains(" ") {
                #expect(BannedWord.violations(in: file(text)).isEmpty, "\(text)")
            }
        }
    }

    @Test(
        "a word in a right use is no violation",
        arguments: [
            "// a sign of life", "// the user who reads", "// sealed in place", "// it is we who were away",
            "// life signs",
        ])
    func rightUse(text: String) { #expect(BannedWord.violations(in: file(text)).isEmpty) }

    @Test(
        "what no file may hold is found, marks in comments too",
        arguments: [
            "let s = String(format: f, 1)", "let f = DateFormatter()", "let l = Locale.current", "try! f()",
            "fatalError()", "// TO" + "DO: later", "/// FIX" + "ME",
        ])
    func leftovers(code: String) {
        #expect(ForbiddenWord.anywhere.contains { lines($0.violations(in: file(code))) == [1] })
    }

    @Test(
        "a sleeping test is found", arguments: ["usleep(1000)", "sleep(1)", "try await Task.sleep(for: d)"])
    func sleeping(code: String) {
        #expect(ForbiddenWord.inTests.contains { lines($0.violations(in: file(code))) == [1] })
    }

    @Test(
        "a hashed type is found in each of its spellings",
        arguments: [
            "var s: Set<Int> = []", "var d: [String: Int]", "let d = [PeerID: Peer]()",
            "let e: [A.B : C] = x",
            "let d = [:]", "Dictionary(grouping: x, by: f)", "func f(_ d: [Int: [Int]]) {}",
            "let n = [[A: B]]()",
        ])
    func hashing(code: String) {
        #expect(lines(HashedTypes.violations(in: file(code), allowances: [])) == [1])
    }

    @Test(
        "an array, an option set and a labelled subscript are no hashed types",
        arguments: [
            "var a: [Int] = []", "struct O: OptionSet {}", "peers[id: 3]", "f()[at: 1]",
            "case .a(let b): [b]",
            "// a Set<Int>", "let reset = Setting()", "x = [a ? b : c]",
        ])
    func arrays(code: String) {
        #expect(HashedTypes.violations(in: file(code), allowances: []).isEmpty)
    }

    @Test("an allowance admits the line that it names; one that is not needed is itself reported")
    func allowance() {
        let sample = file("let index: [ID: Int]\nlet other: [ID: Int]")
        let used = HashedTypes.Allowance(path: sample.path, text: "let index:", reason: "lookup only")
        let unused = HashedTypes.Allowance(path: sample.path, text: "let gone:", reason: "lookup only")
        #expect(lines(HashedTypes.violations(in: sample, allowances: [used])) == [2])
        #expect(HashedTypes.stale(in: [sample], allowances: [used]).isEmpty)
        #expect(HashedTypes.stale(in: [sample], allowances: [used, unused]).count == 1)
    }

    @Test("a file may have its limit of lines, and not one more")
    func fileLength() {
        let lines = String(repeating: "x\n", count: 10)
        #expect(Lengths.longFile(file(lines), limit: 10).isEmpty)
        #expect(Lengths.longFile(file(lines), limit: 9).count == 1)
        #expect(Lengths.longExecutable([file(lines), file(lines)], limit: 21).isEmpty)
        #expect(Lengths.longExecutable([file(lines), file(lines)], limit: 20).count == 1)
    }

    @Test("a function is measured by the lines of code between its braces")
    func functionLength() {
        let sample = file(
            """
            protocol P {
                func requirement(a: Int)
                init(b: Int)
            }
            struct S {
                mutating func long(
                    a: () -> Int = { 1 }
                ) -> Int {
                    // No code, and a blank line.

                    if x { "}" } else { y }
                    return 1
                }
                init?(c: Int) { nil }
                @inline(never) func generic<T>()
                where T: P {
                }
            }
            """)
        #expect(Lengths.functions(of: sample).map(\.lines) == [6...13, 14...14, 15...17])
        #expect(Lengths.functions(of: sample).map(\.opening) == [8, 14, 16])
        #expect(lines(Lengths.longFunctions(sample, limit: 1)) == [6])
        #expect(Lengths.longFunctions(sample, limit: 2).isEmpty)
    }

    @Test("a shared declaration without a comment is found; attributes may stand between")
    func documentation() {
        let sample = file(
            """
            package struct A {
                /// Said.
                package let b = 1
                package var c: Int { 1 }
                /// Said.
                @inlinable
                public static func d() {}
                @usableFromInline package init() {}
                package private(set) var e = 1
                private let f = 1
                let package = 1
            }
            package import Glibc
            package extension A {}
            """)
        #expect(lines(Documentation.violations(in: sample)) == [1, 4, 8, 9])
    }

    @Test("an import is read in each of its spellings")
    func importSpellings() {
        let sample = file(
            "import A\npackage import B\n@testable import C\nimport struct D.E\n// import F\nlet s = \"import G\""
        )
        #expect(ImportTable.modules(of: sample).map(\.name) == ["A", "B", "C", "D"])
        #expect(ImportTable.modules(of: sample).map(\.line) == [1, 2, 3, 4])
    }

    @Test("an import too many and a row too many are both reported")
    func importTable() {
        let sample = file("import CausalClock\ninternal import Glibc")
        let violations = ImportTable.violations(
            target: "Wire", files: [sample], expected: ["CausalClock", "FailureDetection"])
        #expect(
            violations.map(\.problem) == [
                "Wire must not import Glibc", "nothing imports FailureDetection any more",
            ])
        #expect(violations.first?.line == 2)
        #expect(
            ImportTable.violations(target: "Wire", files: [sample], expected: ["CausalClock", "Glibc"])
                .isEmpty)
    }

    @Test("the pure targets are allowed nothing but each other, and the functions of math.h")
    func pureTable() {
        for target in ImportTable.pureTargets {
            let allowed = ImportTable.pureTargets + ["CMath"]
            #expect(ImportTable.imports[target, default: ["?"]].isSubset(of: allowed))
        }
    }

    @Test("a file that the document names and the tree has not is found")
    func document() {
        let text =
            "`Daemon/EventLoop.swift` and\n`Gone.swift`, not Bare.swift\n`Loop.swift` `Sources/*.swift`"
        let violations = ArchitectureDocument.violations(in: text, known: ["Sources/Daemon/EventLoop.swift"])
        #expect(lines(violations) == [2, 3])
    }

    @Test("a function that the document names and its file has not is found")
    func documentedFunctions() {
        let text =
            "`Sample.swift`, `run()` and `stop`: `other`\n`Wire/Sample.swift`, `run(.fast)`, `Sample.swift`"
        let sample = file("func run() {}\n// func stop\n")
        let violations = ArchitectureDocument.missingFunctions(in: text, files: [sample])
        #expect(violations.map(\.problem) == ["`Sample.swift` has no function `stop`"])
    }

    @Test("a report names the file, the line, the problem and the remedy")
    func report() {
        let violation = Violation(path: "a.swift", line: 3, problem: "`try!`", remedy: "throw the error on")
        #expect(violation.description == "a.swift:3: `try!`; throw the error on")
    }

    private static let layers = [
        CoreLayers.Layer(role: "rules", files: ["Rules"]),
        CoreLayers.Layer(role: "questions", files: ["Ask", "Know"]),
    ]

    private func violations(rules: String = "", ask: String = "", know: String = "") -> [Violation] {
        CoreLayers.violations(
            in: [("Rules", rules), ("Ask", ask), ("Know", know)].map {
                file("extension Monitor {\n\($0.1)\n}", path: "Sources/FailureDetection/\($0.0).swift")
            }, layers: Self.layers)
    }

    @Test("a call to a layer above is found, over several lines and through self")
    func upward() {
        let rule = "    mutating func judge(\n        _ place: Int, by now: Int\n    ) { known(of: 1) }"
        let known = "    func known(of place: Int) -> Int { place }"
        #expect(violations(rules: rule, know: known).isEmpty)
        #expect(lines(violations(rules: rule, know: known + "\n    func g() { judge(1, by: 2) }")) == [3])
        #expect(
            lines(violations(rules: rule, know: "    func g() {\n        self.judge(\n            1) }")) == [
                3
            ])
        // Of another value, or with another label, it is another function.
        #expect(violations(rules: rule, know: "    func g() { peer.judge(1); judge(by: 1) }").isEmpty)
    }

    @Test("a circle of calls within a layer is found")
    func circle() {
        let ask = "    func one(at x: Int) { other(at: x) }\n    private func two() {}"
        let know = "    func other(at x: Int) { three(); two() }"
        #expect(violations(ask: ask, know: know).isEmpty)
        #expect(violations(ask: ask, know: know + "\n    func f() { one(at: 1) }").map(\.line) == [2, 3])
    }

    @Test("a component that knows Monitor stands in no layer")
    func stranger() {
        let book = file("struct Book { let monitor: Monitor }", path: "Sources/FailureDetection/Book.swift")
        #expect(CoreLayers.violations(in: [book], layers: Self.layers).count == 1)
    }
}
