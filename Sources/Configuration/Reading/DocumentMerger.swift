/// Puts the main file and its drop-ins together.
///
/// Tables are joined, lists of peers and of services are appended to each other, every other key may be set in one file only.
enum DocumentMerger {
    /// The root of all `documents` together.
    static func merge(_ documents: [Document], _ diagnostics: inout Diagnostics) -> [ConfigurationEntry] {
        var root: [ConfigurationEntry] = []
        for document in documents { add(document.root, to: &root, prefix: "", &diagnostics) }
        return root
    }

    private static func add(
        _ entries: [ConfigurationEntry], to target: inout [ConfigurationEntry], prefix: String,
        _ diagnostics: inout Diagnostics
    ) {
        for entry in entries {
            guard let index = target.firstIndex(where: { $0.key == entry.key }) else {
                target.append(entry)
                continue
            }
            combine(
                entry, with: &target[index].node, label: prefix + KeyText.written(entry.key), &diagnostics)
        }
    }

    private static func combine(
        _ entry: ConfigurationEntry, with node: inout ConfigurationNode, label: String,
        _ diagnostics: inout Diagnostics
    ) {
        let isList = Schema.lists.contains(label)
        switch (node.value, entry.node.value) {
        case (.array(let present), .array(let added)) where isList:
            node.value = .array(present + added)
        case (_, .array) where isList: break  // What is no list is refused where the list is read.
        case _ where isList: RootReader.refuse(entry.node, asList: label, &diagnostics)
        case (.table(var present), .table(let added)):
            add(added, to: &present, prefix: label + ".", &diagnostics)
            node.value = .table(present)
        case (.table, _) where Schema.rootTables.contains(label):
            RootReader.refuse(entry.node, asTable: label, &diagnostics)
        default:
            diagnostics.error(
                label, at: entry.node.location, "is already set at \(node.location)", "keep one of the two")
        }
    }
}
