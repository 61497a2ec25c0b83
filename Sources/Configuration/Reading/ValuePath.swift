/// One step from the root of a document to a value.
enum PathStep: Hashable {
    /// Into a table, by key.
    case key(String)
    /// Into an array, by position.
    case index(Int)
}

/// The way from the root of a document to a value.
typealias ValuePath = [PathStep]
