internal import Glibc

/// The result of a call made again for as long as a signal interrupted it: the only code where
/// EINTR is known.
///
/// A stopped and continued process sees EINTR from some calls even when every signal is blocked.
func uninterrupted<Value: SignedInteger>(_ body: () -> Value) -> Result<Value, Errno> {
    while true {
        let value = body()
        if value != -1 { return .success(value) }
        let cause = Errno.current
        if cause != .interrupted { return .failure(cause) }
    }
}

/// So that `Result` can carry it; what is thrown is always a `SystemCallError`.
extension Errno: Error {}

/// Makes a system call and turns failure into a `SystemCallError`.
/// - Parameters:
///   - call: the name of the call, for the error.
///   - object: what it is about; not evaluated unless it fails.
///   - body: the call, returning -1 with `errno` set on failure.
/// - Throws: `SystemCallError` with the cause.
/// - Returns: what the call returned.
@discardableResult
func systemCall<Value: SignedInteger>(
    _ call: String, on object: @autoclosure () -> String = "", _ body: () -> Value
) throws(SystemCallError) -> Value {
    switch uninterrupted(body) {
    case .success(let value): return value
    case .failure(let errno): throw SystemCallError(call, on: object(), errno: errno)
    }
}
