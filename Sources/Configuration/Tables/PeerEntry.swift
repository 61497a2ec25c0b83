/// One `[[peer]]` as it was read; what is missing or wrong is nil and has its error already.
struct PeerEntry {
    let name: String
    let location: Location
    let id: Located<String>?
    let address: Located<NetworkAddress>?
    let layer: DetectionLayer

    /// Reads the table.
    init(_ table: TableReader, target: TableReader?, _ diagnostics: inout Diagnostics) {
        name = table.name
        location = table.location
        id = Self.id(table, &diagnostics)
        address = Self.required("address", in: table, example: "db1.example.net:7946", &diagnostics)
            .flatMap { AddressReader.read($0, table.label("address"), &diagnostics) }
        layer = DetectionLayer(detection: table, ping: table, target: target, &diagnostics)
    }

    private static func id(_ table: TableReader, _ diagnostics: inout Diagnostics) -> Located<String>? {
        guard let id = required("id", in: table, example: "db1", &diagnostics) else { return nil }
        guard let (problem, remedy) = NodeID.problem(with: id.value) else { return id }
        diagnostics.error(table.label("id"), at: id.location, problem, remedy)
        return nil
    }

    private static func required(
        _ key: String, in table: TableReader, example: String, _ diagnostics: inout Diagnostics
    ) -> Located<String>? {
        table.require(key, remedy: "add \(key) = \"\(example)\" to this [[peer]]", &diagnostics)
        return table.string(key, &diagnostics)
    }

    // MARK: All entries together

    /// Records peers that share an id or an address, and peers beyond the limit.
    static func checkUniqueness(_ entries: [Self], _ diagnostics: inout Diagnostics) {
        var ids: [String: Location] = [:]
        var addresses: [NetworkAddress: (name: String, location: Location)] = [:]
        for entry in entries {
            if let id = entry.id, let first = ids.updateValue(id.location, forKey: id.value) {
                diagnostics.error(
                    "\(entry.name).id", at: id.location, "is already used at \(first)",
                    "give every peer an id of its own")
            }
            guard let address = entry.address else { continue }
            if let first = addresses.updateValue((entry.name, address.location), forKey: address.value) {
                diagnostics.error(
                    "\(entry.name).address", at: address.location,
                    "\"\(address.value)\" is already the address of \(first.name) at \(first.location)",
                    "give every peer an address of its own")
            }
        }
        checkCount(entries, &diagnostics)
    }

    private static func checkCount(_ entries: [Self], _ diagnostics: inout Diagnostics) {
        guard entries.count > Limits.maximumPeers else { return }
        diagnostics.error(
            "peer", at: entries[Limits.maximumPeers].location, "there are \(entries.count) peers",
            "watch at most \(Limits.maximumPeers)")
    }
}
