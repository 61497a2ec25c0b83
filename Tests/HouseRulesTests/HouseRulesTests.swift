import Testing

/// The rules of the house, held against the whole tree.
///
/// That each rule catches what it forbids is shown in RuleProofs.swift.
@Suite("the rules of the house")
struct HouseRulesTests {
    private func report(_ violations: [Violation]) {
        for violation in violations { Issue.record("\(violation)") }
    }

    @Test("the tree is found")
    func tree() {
        #expect(SourceTree.sources.count > 20)
        #expect(SourceTree.tests.count > 20)
        #expect(SourceTree.pure.count > 5)
    }

    @Test("every target has a row in the table of imports")
    func targets() {
        let rows = Array(ImportTable.imports.keys) + ImportTable.cTargets
        #expect(rows.sorted() == SourceTree.targets)
    }

    @Test("every target imports exactly what the table says", arguments: ImportTable.imports.keys.sorted())
    func imports(target: String) {
        let files = SourceTree.sources.filter { $0.target == target }
        report(
            ImportTable.violations(
                target: target, files: files, expected: ImportTable.imports[target, default: []]))
    }

    @Test("the pure targets have no clock, no randomness, no concurrency and no output")
    func purity() {
        for file in SourceTree.pure {
            for word in ForbiddenWord.inPureTargets { report(word.violations(in: file)) }
        }
    }

    @Test("the pure targets have nothing whose order depends on a hash")
    func order() {
        report(SourceTree.pure.flatMap { HashedTypes.violations(in: $0) })
        report(HashedTypes.stale(in: SourceTree.pure))
    }

    @Test("no file is long")
    func files() {
        report(SourceTree.sources.flatMap { Lengths.longFile($0, limit: Lengths.source) })
        report(SourceTree.tests.flatMap { Lengths.longFile($0, limit: Lengths.test) })
    }

    @Test("no function is long")
    func functions() {
        #expect(SourceTree.sources.contains { !Lengths.functions(of: $0).isEmpty })
        report(SourceTree.sources.flatMap { Lengths.longFunctions($0) })
    }

    @Test("an executable only calls a library", arguments: ImportTable.executables)
    func executables(name: String) {
        let files = SourceTree.sources.filter { $0.target == name }
        #expect(!files.isEmpty)
        report(Lengths.longExecutable(files))
    }

    @Test("every package and public declaration says what it is")
    func documentation() {
        report(SourceTree.sources.flatMap(Documentation.violations))
    }

    @Test("nothing heavy, nothing that traps at will, nothing left over")
    func leftovers() {
        for file in SourceTree.sources + SourceTree.tests {
            for word in ForbiddenWord.anywhere { report(word.violations(in: file)) }
        }
    }

    @Test("comments and test titles are in plain English, in the terms of docs/GLOSSARY.md")
    func words() {
        for file in SourceTree.sources + SourceTree.tests { report(BannedWord.violations(in: file)) }
    }

    @Test("no test sleeps and hopes")
    func sleeping() {
        for file in SourceTree.tests {
            for word in ForbiddenWord.inTests { report(word.violations(in: file)) }
        }
    }

    @Test("the files of the core call downwards, by layers")
    func layers() {
        report(CoreLayers.violations(in: SourceTree.sources.filter { $0.target == "FailureDetection" }))
    }

    @Test("docs/ARCHITECTURE.md names only files and functions that exist")
    func architecture() throws {
        let text = try #require(
            SourceTree.text(of: ArchitectureDocument.path), "docs/ARCHITECTURE.md is missing")
        #expect(!ArchitectureDocument.namedFiles(in: text).isEmpty)
        let known = (SourceTree.sources + SourceTree.tests).map(\.path) + ["Package.swift"]
        report(ArchitectureDocument.violations(in: text, known: known))
        #expect(!ArchitectureDocument.namedFunctions(in: text).isEmpty)
        report(ArchitectureDocument.missingFunctions(in: text, files: SourceTree.sources))
    }
}
