/// An error reply: a name in reverse-domain form and what it is about.
package struct VarlinkError: Error, Sendable {
    /// The full name, interface included.
    package let name: String
    /// The error's own parameters.
    package let parameters: any Encodable & Sendable

    /// Makes an error of an interface of our own.
    package init(_ name: String, _ parameters: any Encodable & Sendable = NoParameters()) {
        self.name = name
        self.parameters = parameters
    }
}

/// The errors that every Varlink service shares.
extension VarlinkError {
    /// There is no such interface; reported before the method is searched for.
    package static func interfaceNotFound(_ interface: String) -> VarlinkError {
        VarlinkError("org.varlink.service.InterfaceNotFound", ["interface": interface])
    }

    /// The interface has no such method.
    package static func methodNotFound(_ method: String) -> VarlinkError {
        VarlinkError("org.varlink.service.MethodNotFound", ["method": method])
    }

    /// The interface describes the method, but it is not there.
    package static func methodNotImplemented(_ method: String) -> VarlinkError {
        VarlinkError("org.varlink.service.MethodNotImplemented", ["method": method])
    }

    /// A parameter is missing, unknown, or of the wrong type.
    package static func invalidParameter(_ parameter: String) -> VarlinkError {
        VarlinkError("org.varlink.service.InvalidParameter", ["parameter": parameter])
    }

    /// The caller may not do this.
    package static var permissionDenied: VarlinkError {
        VarlinkError("org.varlink.service.PermissionDenied")
    }

    /// The method answers more than once, and the call did not ask for that.
    package static var expectedMore: VarlinkError {
        VarlinkError("org.varlink.service.ExpectedMore")
    }
}
