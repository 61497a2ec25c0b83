import StatusAPI
import Testing

/// The interface that makes the daemon manageable like any other service.
@Suite("The interface io.systemd.service")
struct ServiceInterfaceTests {
    @Test("its description names the methods that are routed, with the parameters that they take")
    func description() throws {
        let language = try InterfaceLanguage(ServiceInterface.interface.description)
        #expect(language.interface == "io.systemd.service")
        #expect(Set(language.methods.keys) == Set(ServiceMethod.allCases.map(\.rawValue)))
        let parameters = language.methods.filter { !$0.value.parameters.isEmpty }
        #expect(parameters.keys.sorted() == ["SetLogLevel"])
        #expect(language.methods["SetLogLevel"]?.parameters == ["level": .init(type: "int")])
        #expect(language.methods["GetLogLevel"]?.replies == ["level": .init(type: "int")])
        #expect(language.methods["GetEnvironment"]?.replies.keys.sorted() == ["environment"])
    }

    @Test(
        "only root and the daemon's own user change something or see the environment; every user may ask for the rest",
        arguments: [
            ("Ping", "{}", true), ("GetLogLevel", "{}", true), ("GetEnvironment", "{}", false),
            ("SetLogLevel", #"{"level":3}"#, false), ("Reload", "{}", false),
        ])
    func permission(method: String, parameters: String, forAll: Bool) throws {
        for (user, isTrusted) in [(0, true), (500, true), (501, false), (UInt32.max, false)] {
            var conversation = Conversation(userID: user)
            let replies = try conversation.call(callText("io.systemd.service." + method, parameters))
            #expect(replies.first?.contains("PermissionDenied") == !(forAll || isTrusted))
            #expect(conversation.provider.logLevel == (isTrusted && method == "SetLogLevel" ? .err : .info))
            #expect(conversation.provider.reloads == (isTrusted && method == "Reload" ? 1 : 0))
        }
    }
}
