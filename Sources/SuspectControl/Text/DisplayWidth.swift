extension StringProtocol {
    /// How many columns a terminal needs for this text.
    var displayWidth: Int {
        reduce(0) { width, character in width + character.displayWidth }
    }

    /// The text without control characters, so that a name or a reason from elsewhere cannot drive the terminal.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 }))
    }

    /// A JSON text whose strings cannot drive the terminal: control and format characters are written as `\u009b`.
    ///
    /// Outside of strings JSON has none of them, and JSONEncoder escapes those below the space itself.
    var escapingInvisible: String {
        guard unicodeScalars.contains(where: { $0.isControl }) else { return String(self) }
        return unicodeScalars.map { $0.isControl ? $0.jsonEscape : String($0) }.joined()
    }

    /// The text in ASCII, for terminals that show nothing else; each sign by one that needs as many columns.
    var inASCII: String {
        let signs: [Character: Character] = [
            "µ": "u", "…": "~", "–": "-", "█": "#", "░": ".", "→": ">", "←": "<", "↑": "^", "↓": "v",
            "·": ".", "≤": "<",
            "σ": "s", "λ": "l", "×": "x", "’": "'",
        ]
        return String(
            map { character in
                character.isASCII ? character : signs[character] ?? "?"
            })
    }

    /// As much from the front as fits into so many columns; an ellipsis stands for the rest.
    func truncated(toWidth limit: Int) -> String {
        guard displayWidth > limit else { return String(self) }
        guard limit > 0 else { return "" }
        var text = ""
        var width = 0
        for character in self {
            guard width + character.displayWidth <= limit - 1 else { break }
            text.append(character)
            width += character.displayWidth
        }
        return text + "…"
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }

    /// `\u202e`, or a pair of these beyond the first 65,536.
    fileprivate var jsonEscape: String {
        String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// East Asian Wide and Fullwidth (UAX #11), in the blocks that fonts show in two columns.
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    fileprivate var isZeroWidth: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: true
        default: false
        }
    }
}

extension Character {
    /// The columns of one character, that is of its widest part: marks stand over it, not beside it.
    fileprivate var displayWidth: Int {
        unicodeScalars.map { $0.isZeroWidth ? 0 : $0.isWide ? 2 : 1 }.max() ?? 0
    }
}
