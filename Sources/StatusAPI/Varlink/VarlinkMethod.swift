/// A method of an interface, as a client names it.
package protocol VarlinkMethod: Sendable {
    /// The name within its interface, for messages.
    var rawValue: String { get }
    /// The name with its interface, as it stands in a call.
    var fullName: String { get }
}
