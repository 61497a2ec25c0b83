/// Its identity and the interfaces it implements: the part of a service that is the same for every connection.
package struct VarlinkService: Sendable {
    /// What `GetInfo` answers.
    package let information: VarlinkServiceInformation

    /// The interfaces that it implements, `org.varlink.service` first.
    package let interfaces: [VarlinkInterface]

    /// Describes a service.
    ///
    /// `org.varlink.service` comes on its own.
    package init(
        vendor: String, product: String, version: String, url: String, interfaces: [VarlinkInterface]
    ) {
        self.interfaces = [.service] + interfaces
        information = VarlinkServiceInformation(
            vendor: vendor, product: product, version: version, url: url,
            interfaces: self.interfaces.map(\.name).sorted())
    }

    /// Answers a call, or passes it on to the handler once its method is known to exist.
    ///
    /// The interface is searched for before the method, and both before `more`, as other services do.
    package func answer<Handler: VarlinkHandler & ~Copyable>(
        _ call: VarlinkCall, from caller: VarlinkCaller, with handler: inout Handler
    ) throws(VarlinkError) -> VarlinkAnswer {
        guard let interface = interfaces.first(where: { $0.name == call.interface }) else {
            throw .interfaceNotFound(call.interface)
        }
        guard let method = interface.methods.first(where: { $0.name == call.member }) else {
            throw .methodNotFound(call.method)
        }
        guard !call.upgrade else { throw .methodNotImplemented(call.method) }
        guard call.more || !method.requiresMore else { throw .expectedMore }
        guard interface.name == VarlinkInterface.service.name else {
            return try handler.answer(call, from: caller)
        }
        return try describe(call)
    }

    private func describe(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        guard call.member == "GetInterfaceDescription" else {
            _ = try call.parameters(NoParameters.self)
            return .reply(information)
        }
        let name = try call.parameters(InterfaceParameters.self).interface
        guard let interface = interfaces.first(where: { $0.name == name }) else {
            throw .interfaceNotFound(name)
        }
        return .reply(["description": interface.description])
    }
}

/// What `org.varlink.service.GetInfo` answers.
package struct VarlinkServiceInformation: Codable, Equatable, Sendable {
    /// The maker of the service.
    package let vendor: String
    /// Its name.
    package let product: String
    /// Its version.
    package let version: String
    /// Where more is to be read.
    package let url: String
    /// Every interface it implements, sorted.
    package let interfaces: [String]
}

/// One interface: its name, its methods, and the text that describes it to others.
package struct VarlinkInterface: Sendable {
    /// A method that an interface offers.
    package struct Method: Equatable, Sendable {
        /// Its name within the interface.
        package let name: String
        /// Whether it answers more than once, and so only calls with `more`.
        package let requiresMore: Bool

        /// Names a method.
        package init(_ name: String, requiresMore: Bool = false) {
            self.name = name
            self.requiresMore = requiresMore
        }
    }

    /// The name in reverse-domain form.
    package let name: String
    /// Its methods.
    package let methods: [Method]
    /// The text in Varlink's interface language.
    package let description: String

    /// Describes an interface.
    package init(name: String, methods: [Method], description: String) {
        self.name = name
        self.methods = methods
        self.description = description
    }
}

/// The parameters of `GetInterfaceDescription`.
private struct InterfaceParameters: VarlinkParameters {
    static let names = ["interface"]
    let interface: String
}

extension VarlinkInterface {
    /// The interface that every Varlink service implements.
    package static let service = VarlinkInterface(
        name: "org.varlink.service", methods: [Method("GetInfo"), Method("GetInterfaceDescription")],
        description: """
            # The Varlink service interface, which every service implements.
            interface org.varlink.service

            # Its vendor, and which interfaces it implements.
            method GetInfo() -> (
              vendor: string,
              product: string,
              version: string,
              url: string,
              interfaces: []string
            )

            # The description of one interface, in this language.
            method GetInterfaceDescription(interface: string) -> (description: string)

            # The interface does not exist.
            error InterfaceNotFound (interface: string)

            # The interface has no such method.
            error MethodNotFound (method: string)

            # The method is described but not there.
            error MethodNotImplemented (method: string)

            # A parameter is missing, unknown or of the wrong type.
            error InvalidParameter (parameter: string)

            # The caller may not do this.
            error PermissionDenied ()

            # The method answers more than once; call it with more.
            error ExpectedMore ()

            """)
}
