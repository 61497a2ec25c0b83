/// A word that code must not hold, and what to do instead.
struct ForbiddenWord {
    /// The word.
    let word: String
    /// Why not, and what to write instead.
    let remedy: String
    /// What makes its use right, if it stands in the same line.
    var unless: String?
    /// Whether a comment must not hold it either.
    var alsoInComments = false

    /// Every use of it in `file`.
    func violations(in file: SourceFile) -> [Violation] {
        var lines = file.linesOfCode(holding: word)
        if alsoInComments { lines += file.linesOfComments(holding: word) }
        if let unless { lines.removeAll { file.code[$0 - 1].contains(unless) } }
        return lines.map { Violation(path: file.path, line: $0, problem: "`\(word)`", remedy: remedy) }
    }
}

extension ForbiddenWord {
    /// What no source may hold.
    static let anywhere: [ForbiddenWord] =
        ["String(format:", "DateFormatter", "Locale", "NumberFormatter"].map {
            ForbiddenWord(
                word: $0, remedy: "it pulls 44 MB of ICU into the daemon; write the few lines it needs")
        } + [
            ForbiddenWord(word: "try!", remedy: "throw the error on, or handle it"),
            ForbiddenWord(
                word: "fatalError(", remedy: "throw, or `precondition` with the state in its message"),
            // In two pieces, because the rule reads this file too.
            ForbiddenWord(word: "TO" + "DO", remedy: "do it, or open an issue", alsoInComments: true),
            ForbiddenWord(word: "FIX" + "ME", remedy: "mend it, or open an issue", alsoInComments: true),
        ]

    /// What the pure targets may not hold.
    static let inPureTargets: [ForbiddenWord] = clocks + randomness + outsideWorld

    /// What tests may not hold.
    static let inTests: [ForbiddenWord] =
        ["usleep(", "nanosleep(", "sleep(", "Task.sleep", "Thread.sleep"].map {
            ForbiddenWord(
                word: $0,
                remedy: "drive time from outside, or wait on a condition with a bound (poll, waitpid)")
        }

    private static let clocks =
        ["Date", "ContinuousClock", "SuspendingClock", "clock_gettime", "DispatchTime"].map {
            ForbiddenWord(word: $0, remedy: "take the instant as a parameter: the caller read the clock")
        }

    private static let randomness =
        ["SystemRandomNumberGenerator", ".random(", ".shuffled(", ".shuffle(", ".randomElement("].map {
            ForbiddenWord(
                word: $0, remedy: "take the generator as a parameter and say `using:`", unless: "using:")
        }

    private static let outsideWorld =
        ["Task", "async", "await", "actor", "Thread"].map {
            ForbiddenWord(word: $0, remedy: "the core runs in the event loop's one thread")
        }
        + ["print(", "debugPrint(", "dump("].map {
            ForbiddenWord(word: $0, remedy: "return an effect; the core has no output of its own")
        }
}
