/// A system call that failed: which call, on which object, why, and what to do about it.
package struct SystemCallError: Error, Hashable, Sendable {
    /// The name of the call, such as "bind".
    package let call: String
    /// What the call was about: an address, a path; empty when there is nothing to name.
    package let object: String
    /// The cause.
    package let errno: Errno
    /// What the reader can do; nil when the cause says it all.
    package let remedy: String?
    /// The cause in words, where it was not the kernel that refused; nil where its words are right.
    package let reason: String?

    /// Describes a failure with the remedy given, or the usual one for this call and cause.
    package init(
        _ call: String, on object: String = "", errno: Errno, reason: String? = nil, remedy: String? = nil
    ) {
        self.call = call
        self.object = object
        self.errno = errno
        self.reason = reason
        self.remedy = remedy ?? usualRemedy(for: errno, call: call, on: object)
    }
}

extension SystemCallError: CustomStringConvertible {
    /// One line, as in `bind 0.0.0.0:7946: Address already in use; is another suspectd running? …`.
    package var description: String {
        let subject = object.isEmpty ? call : "\(call) \(object)"
        let advice = remedy.map { "; \($0)" } ?? ""
        return "\(subject): \(reason ?? errno.description)\(advice)"
    }
}
