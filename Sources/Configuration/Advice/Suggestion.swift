/// The word of `known` that `word` was probably meant to be, or nil when none is near.
///
/// One edit in three characters is as far as a slip goes; beyond that a suggestion would be a guess.
package func suggestion(for word: String, among known: [String]) -> String? {
    let normalised = word.lowercased().replacingHyphens
    let limit = max(2, normalised.unicodeScalars.count / 3)
    let distances = known.map { (word: $0, distance: editDistance(normalised, $0.replacingHyphens)) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    let isNear = nearest.distance <= limit && nearest.distance < nearest.word.unicodeScalars.count
    return isNear ? nearest.word : nil
}

/// The Levenshtein distance: the fewest insertions, deletions and replacements that turn `a` into `b`.
package func editDistance(_ a: String, _ b: String) -> Int {
    // Keys are short; whatever is longer is not a misspelt key and need not be measured exactly.
    let a = Array(a.unicodeScalars.prefix(64))
    let b = Array(b.unicodeScalars.prefix(64))
    var previous = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var current = [i + 1]
        for (j, right) in b.enumerated() {
            let replaced = previous[j] + (left == right ? 0 : 1)
            current.append(min(replaced, previous[j + 1] + 1, current[j] + 1))
        }
        previous = current
    }
    return previous[b.count]
}

extension String {
    /// The same word with `_` for `-`: the commonest slip in a key.
    fileprivate var replacingHyphens: String {
        String(map { $0 == "-" ? "_" : $0 })
    }
}
