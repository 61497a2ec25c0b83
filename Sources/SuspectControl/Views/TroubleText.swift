internal import StatusAPI

/// Refused and unsent datagrams in words.
extension RefusedReport {
    /// `21 datagrams (unopened), the last 3.0 s ago from 10.0.0.4:7946: another key? ...`.
    func text(nowUSec: Int) -> String {
        let age = HumanDuration.text(from: lastUSec, to: nowUSec)
        let name = claimedID.map { ", in the name of \"\($0)\"" } ?? ""
        return
            "\(countText(count, "datagram")) (\(reason)), the last \(age) ago from \(source)\(name): \(advice)"
    }
}

extension UnsentReport {
    /// `29 datagrams (Operation not permitted), the last 1.0 s ago: this host's own firewall ...`.
    func text(nowUSec: Int) -> String {
        let age = HumanDuration.text(from: lastUSec, to: nowUSec)
        return "\(countText(count, "datagram")) (\(error)), the last \(age) ago: \(advice)"
    }
}

extension PayloadReport {
    /// `those of 1100 bytes and more are lost, at most 1000 bytes are sent: correct the MTU ...`.
    var text: String {
        "those of \(lostBytes) bytes and more are lost, at most \(limitBytes) bytes are sent: \(advice)"
    }
}

extension PeerReport {
    /// What is refused from its address, and what cannot be sent to it, in words; where it is to explain the present, only
    /// what is at most ten minutes old.
    func troubles(nowUSec: Int, isRecentOnly: Bool) -> (refused: String?, unsent: String?) {
        let isShown = { (instant: Int) in !isRecentOnly || nowUSec.minus(instant) < 600_000_000 }
        return (
            refused.flatMap { isShown($0.lastUSec) ? $0.text(nowUSec: nowUSec) : nil },
            unsent.flatMap { isShown($0.lastUSec) ? $0.text(nowUSec: nowUSec) : nil }
        )
    }

    /// The same, and that large datagrams are lost, in rows of a table.
    func appendTroubles(to table: inout Table, nowUSec: Int, isRecentOnly: Bool = false) {
        let (refused, unsent) = troubles(nowUSec: nowUSec, isRecentOnly: isRecentOnly)
        if let refused { table.append("refused", refused, ink: .yellow) }
        if let unsent { table.append("not sent", unsent, ink: .yellow) }
        if let payload { table.append("large datagrams", payload.text, ink: .yellow) }
    }
}
