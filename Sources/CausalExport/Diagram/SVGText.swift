/// SVG, element by element.
struct SVGText {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    /// Writes an element without content, or with a title that is shown when the pointer rests on it.
    ///
    /// - Parameters:
    ///   - name: the element.
    ///   - attributes: what stands in its tag, written by us: `x="1" class="sent"`.
    ///   - title: any text.
    mutating func element(_ name: String, _ attributes: String, title: String? = nil) {
        guard let title else { return raw("<\(name) \(attributes)/>\n") }
        raw("<\(name) \(attributes)><title>")
        escaped(title)
        raw("</title></\(name)>\n")
    }

    /// Writes text at a position.
    mutating func text(_ content: String, x: Int, y: Int, _ attributes: String = "") {
        raw("<text x=\"\(x)\" y=\"\(y)\"\(attributes.isEmpty ? "" : " " + attributes)>")
        escaped(content)
        raw("</text>\n")
    }

    /// Writes text on a ground of its own, so that lines below it do not cross it.
    ///
    /// The ground is a rectangle and no outline of the letters, which some renderers draw over them (`paint-order`).
    mutating func label(_ content: String, x: Int, y: Int, endsThere: Bool = false, _ attributes: String) {
        let width = content.unicodeScalars.count * Self.widthOfLetter + 4
        let left = endsThere ? x - width + 2 : x - 2
        element("rect", "class=\"ground\" x=\"\(left)\" y=\"\(y - 10)\" width=\"\(width)\" height=\"13\"")
        text(content, x: x, y: y, attributes)
    }

    /// The mean width of a letter at 11 px, bold.
    private static let widthOfLetter = 7

    /// Writes markup as it is.
    mutating func raw(_ markup: String) { bytes += markup.utf8 }

    /// Writes any text so that it is text; what XML cannot hold becomes U+FFFD.
    private mutating func escaped(_ content: String) {
        for scalar in content.unicodeScalars {
            switch scalar.value {
            case 0x26: raw("&amp;")
            case 0x3C: raw("&lt;")
            case 0x3E: raw("&gt;")
            case 0x0A: raw("\n")
            case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: raw("\u{FFFD}")
            default: raw(String(scalar))
            }
        }
    }
}
