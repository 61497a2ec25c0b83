package import CausalClock

/// A log that ShiViz opens as it is.
package enum ShiVizExport {
    /// The bytes of the whole log: the header, an empty line, two lines for each event.
    package static func bytes(of projection: CausalProjection) -> [UInt8] {
        let entries = projection.events.indices.map { projection.entry($0) }
        let haveFields = entries.allSatisfy { $0.timeUSec != nil && $0.kind != nil }
        var bytes = Array((haveFields ? CausalLogFormat.headerWithFields : CausalLogFormat.header).utf8)
        bytes += "\n\n".utf8
        for entry in entries { CausalLogFormat.append(entry, to: &bytes) }
        return bytes
    }
}
