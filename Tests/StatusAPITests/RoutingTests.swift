import StatusAPI
import Testing

/// Which call reaches which host, and which error it meets.
@Suite("Routing of calls")
struct RoutingTests {
    @Test(
        "each wrong call has its own error, and the connection stays",
        arguments: [
            (
                callText("org.nobody.X.Y"),
                #""org.varlink.service.InterfaceNotFound","parameters":{"interface":"org.nobody.X"}"#
            ),
            (
                callText("GetStatus"),
                #""org.varlink.service.InterfaceNotFound","parameters":{"interface":""}"#
            ),
            (
                callText("io.suspectd.Monitor.Nope"),
                #""org.varlink.service.MethodNotFound","parameters":{"method":"io.suspectd.Monitor.Nope"}"#
            ),
            (
                callText("org.varlink.service.Nope"),
                #""org.varlink.service.MethodNotFound","parameters":{"method":"org.varlink.service.Nope"}"#
            ),
            (
                callText("io.suspectd.Monitor.Subscribe"),
                #""org.varlink.service.ExpectedMore","parameters":{}"#
            ),
            (
                callText("io.suspectd.Monitor.GetPeer"),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"id"}"#
            ),
            (
                callText("io.suspectd.Monitor.GetPeer", #"{"id":7}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"id"}"#
            ),
            (
                callText("io.suspectd.Monitor.GetPeer", #"{"id":"db2","ID":"x"}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"ID"}"#
            ),
            (
                callText("io.suspectd.Monitor.GetPeer", #"["db2"]"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"parameters"}"#
            ),
            (
                callText("io.suspectd.Monitor.GetStatus", #"{"x":1}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"x"}"#
            ),
            (
                callText("io.suspectd.Monitor.ListEvents", #"{"last":-1}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"last"}"#
            ),
            (
                callText("io.suspectd.Monitor.ListEvents", #"{"last":1.5}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"last"}"#
            ),
            (
                callText("io.suspectd.Monitor.Alive", #"{"service":"a","withinUSec":0.5}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"withinUSec"}"#
            ),
            (
                callText("io.suspectd.Monitor.Alive", #"{"service":"a","withinUSec":9223372036854775808}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"withinUSec"}"#
            ),
            (
                callText("io.suspectd.Monitor.Alive", #"{"service":"a","withinUSec":1e308}"#),
                #""org.varlink.service.InvalidParameter","parameters":{"parameter":"withinUSec"}"#
            ),
            (
                callText("io.suspectd.Monitor.GetPeer", #"{"id":"ghost"}"#),
                #""io.suspectd.Monitor.NoSuchPeer","parameters":{"id":"ghost"}"#
            ),
            (
                callText("io.suspectd.Monitor.Why", #"{"id":"ghost"}"#),
                #""io.suspectd.Monitor.NoSuchPeer","parameters":{"id":"ghost"}"#
            ),
            (
                callText("io.suspectd.Monitor.Reload"),
                #""org.varlink.service.PermissionDenied","parameters":{}"#
            ),
            (
                callText("org.varlink.service.GetInterfaceDescription", #"{"interface":"a.b"}"#),
                #""org.varlink.service.InterfaceNotFound","parameters":{"interface":"a.b"}"#
            ),
            (
                #"{"method":"io.suspectd.Monitor.GetStatus","upgrade":true}"#,
                #""org.varlink.service.MethodNotImplemented","parameters":{"method":"io.suspectd.Monitor.GetStatus"}"#
            ),
        ])
    func errors(call: String, error: String) throws {
        var conversation = Conversation()
        #expect(try conversation.call(call) == ["{\"error\":\(error)}"])
        #expect(try conversation.call(callText("io.suspectd.Monitor.GetStatus")).count == 1)
        #expect(conversation.provider.reloads == 0)
    }

    @Test(
        "headers that are absent, false or null are the same",
        arguments: [
            #"{"method":"org.varlink.service.GetInfo"}"#,
            #"{"method":"org.varlink.service.GetInfo","more":false,"oneway":false,"upgrade":false}"#,
            #"{"method":"org.varlink.service.GetInfo","more":null,"parameters":null}"#,
            #"{"method":"org.varlink.service.GetInfo","more":true,"parameters":{}}"#,
            #"{"method":"org.varlink.service.GetInfo","extension":{"of":["a","client"]}}"#,
        ])
    func headers(call: String) throws {
        var conversation = Conversation()
        let info =
            #"{"parameters":{"interfaces":["io.suspectd.Monitor","io.systemd.service","org.varlink.service"],"#
            + #""product":"suspectd","#
            + #""url":"man:suspectd(8)","vendor":"suspectd","version":"0.1.0"}}"#
        #expect(try conversation.call(call) == [info])
    }

    @Test(
        "only root and the daemon's own user may reload",
        arguments: [(0, true), (500, true), (501, false), (1000, false), (UInt32.max, false)]
            as [(UInt32, Bool)])
    func reloadPermission(userID: UInt32, allowed: Bool) throws {
        var conversation = Conversation(userID: userID)
        let replies = try conversation.call(callText("io.suspectd.Monitor.Reload"))
        #expect(conversation.provider.reloads == (allowed ? 1 : 0))
        #expect(replies.first?.contains("PermissionDenied") == !allowed)
    }

    @Test("a oneway call is done and not answered, not even with an error")
    func oneway() throws {
        var conversation = Conversation(userID: 0)
        #expect(try conversation.call(#"{"method":"io.suspectd.Monitor.Reload","oneway":true}"#) == [])
        #expect(conversation.provider.reloads == 1)
        #expect(try conversation.call(#"{"method":"io.suspectd.Monitor.Nope","oneway":true}"#) == [])
        let subscribe = #"{"method":"io.suspectd.Monitor.Subscribe","oneway":true,"more":true}"#
        #expect(try conversation.call(subscribe) == [])
        #expect(conversation.session.openStream == nil)
    }
}
