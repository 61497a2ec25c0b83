internal import StatusAPI

/// Refused and unsent datagrams in words.
extension RefusedReport {
    /// `21 datagrams (unopened), the last 3.0 s ago from 10.0.0.4:7946: another key? ...`, and in the past once that is over.
    func text(nowUSec: Int) -> String {
        let name = claimedID.map { ", in the name of \"\($0)\"" } ?? ""
        return pastText(count, reason, of: lastUSec, at: nowUSec, "from \(source)\(name)", advice)
    }
}

extension UnsentReport {
    /// `29 datagrams (Operation not permitted), the last 1.0 s ago: this host's own firewall ...`, and in the past once that is
    /// over.
    func text(nowUSec: Int) -> String { pastText(count, error, of: lastUSec, at: nowUSec, "", advice) }
}

/// What was amiss with datagrams, and is still if the latest of them is no older than a minute: the rest of the advice is in the
/// present tense, which is wrong of what is over.
private func pastText(
    _ count: Int, _ reason: String, of lastUSec: Int, at nowUSec: Int, _ origin: String, _ advice: String
) -> String {
    let age = HumanDuration.text(from: lastUSec, to: nowUSec)
    let (datagrams, place) = (
        "\(countText(count, "datagram")) (\(reason))", origin.isEmpty ? "" : " \(origin)"
    )
    return isPresent(lastUSec, nowUSec)
        ? "\(datagrams), the last \(age) ago\(place): \(advice)"
        : "\(datagrams)\(place), none since \(Timestamp.clock(lastUSec)), \(age) ago; at that time: \(advice)"
}

/// Whether what was last seen at an instant may still continue.
func isPresent(_ lastUSec: Int, _ nowUSec: Int) -> Bool { nowUSec.minus(lastUSec) < 60_000_000 }

extension PayloadReport {
    /// `those of 1100 bytes and more are lost, at most 1000 bytes are sent: correct the MTU ...`.
    var text: String {
        "those of \(lostBytes) bytes and more are lost, at most \(limitBytes) bytes are sent: \(advice)"
    }
}

/// The colour of something amiss: none once it is over.
func ink(ofTroubleAt lastUSec: Int?, _ nowUSec: Int) -> Style.Ink? {
    lastUSec.map { isPresent($0, nowUSec) } ?? false ? .yellow : nil
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
        if let refused {
            table.append("refused", refused, ink: ink(ofTroubleAt: self.refused?.lastUSec, nowUSec))
        }
        if let unsent {
            table.append("not sent", unsent, ink: ink(ofTroubleAt: self.unsent?.lastUSec, nowUSec))
        }
        if let payload { table.append("large datagrams", payload.text, ink: .yellow) }
    }
}
