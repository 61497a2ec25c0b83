internal import Synchronization

/// Hands a value that has one owner to the closure of a thread: closures are copied, such a value is not.
final class Handover<Value: ~Copyable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: consuming sending Value) { self.value = Mutex(value) }

    /// The value, the first time; `nil` afterwards.
    func take() -> sending Value? { value.withLock { $0.take() } }
}
