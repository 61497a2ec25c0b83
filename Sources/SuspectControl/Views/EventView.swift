internal import StatusAPI

/// One event in one line.
struct EventView {
    /// The event.
    let event: EventReport
    /// The present moment, in wall-clock microseconds, where the line is to be short: the date of today, and what the sentence
    /// repeats of the columns before it, are left out then.
    var briefAtUSec: Int?

    /// When, what, which host, and why.
    func line(_ style: Style) -> String {
        let kind = event.event.word
        let blank = String(repeating: " ", count: max(0, 10 - kind.count))
        let own = event.isByOwnThreshold ? "(own threshold)" : nil
        // The sentence about a service begins with its name, and has its cause.
        let words =
            event.event != .service || event.service == nil
            ? [event.peer, own, cause, reason].compactMap { $0?.printable } : [reason.printable]
        let text = words.filter { !$0.isEmpty }.joined(separator: "  ")
        let line = "\(time)  \(style.paint(kind, event.ink))\(blank)  \(text)"
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// The cause, where the kind does not name it.
    private var cause: String { event.event == .isolated ? "" : event.causeText }

    private var time: String {
        let text = Timestamp.text(event.timeUSec)
        guard let now = briefAtUSec, Timestamp.text(now).prefix(10) == text.prefix(10) else { return text }
        return Timestamp.clock(event.timeUSec)
    }

    private var reason: String {
        let evidence = event.evidence
        return briefAtUSec == nil ? evidence.reason : evidence.finding ?? evidence.reason
    }
}
