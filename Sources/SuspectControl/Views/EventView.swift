internal import StatusAPI

/// One event in one line.
struct EventView {
    /// The event.
    let event: EventReport

    /// When, what, which host, and why.
    func line(_ style: Style) -> String {
        let kind = event.event.word
        let blank = String(repeating: " ", count: max(0, 10 - kind.count))
        let own = event.isByOwnThreshold ? "(own threshold)" : nil
        let words = [event.peer, own, event.causeText, event.evidence.reason].compactMap { $0?.printable }
        let text = words.filter { !$0.isEmpty }.joined(separator: "  ")
        let line = "\(Timestamp.text(event.timeUSec))  \(style.paint(kind, event.event.ink))\(blank)  \(text)"
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
