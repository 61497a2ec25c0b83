/// A number with its noun, whose plural has an "s": `1 peer`, `3 peers`.
package func countText(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
