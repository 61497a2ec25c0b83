import Glibc
import LinuxIO
import TestSupport
import Testing

@testable import Daemon

@Suite("HTTP for metrics")
struct HTTPResponseTests {
    private func response(_ line: String) -> String {
        HTTPResponse(to: "\(line)\r\nHost: x\r\n\r\n") { "suspectd_up 1\n" }.text
    }

    @Test("GET /metrics gives the page, with its type and length")
    func page() {
        #expect(
            response("GET /metrics HTTP/1.1")
                == "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + "Content-Length: 14\r\nConnection: close\r\n\r\nsuspectd_up 1\n")
        #expect(response("GET /metrics?x=1 HTTP/1.1").hasSuffix("suspectd_up 1\n"))
    }

    @Test(
        "everything else is answered with what is wrong",
        arguments: [
            ("GET / HTTP/1.1", "200 OK"), ("GET /other HTTP/1.1", "404 Not Found"),
            ("POST /metrics HTTP/1.1", "405 Method Not Allowed"), ("hello", "400 Bad Request"),
            ("", "400 Bad Request"), ("GET  HTTP/1.1", "400 Bad Request"),
        ])
    func others(line: String, status: String) {
        #expect(response(line).hasPrefix("HTTP/1.0 \(status)\r\n"))
        #expect(!response(line).contains("suspectd_up"))
    }
}

extension RealDaemons {
    @Suite("metrics over HTTP")
    struct MetricsServerTests {
        private func scrape(_ port: UInt16, _ request: String) throws -> String {
            let script = "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(request)' >&3; timeout 10 cat <&3"
            return try Subprocess.run("/bin/bash", ["-c", script]).text
        }

        @Test(
            "Prometheus gets what suspectctl metrics prints, and a client that says nothing disturbs no peer")
        func scrapes() throws {
            let cluster = try TestCluster(["a", "b"])
            let port = try freeAddresses(1)[0].port
            let text = textOfFile(cluster["a"].configuration)
            try writeFile(
                text.replacing("[node]\n", with: "[node]\nmetrics_listen = \"127.0.0.1:\(port)\"\n"),
                to: cluster["a"].configuration)
            try cluster.start()
            let page = try scrape(port, "GET /metrics HTTP/1.1\\r\\n\\r\\n")
            #expect(page.hasPrefix("HTTP/1.0 200 OK\r\n"))
            #expect(page.contains("suspectd_up 1\n"))
            #expect(page.contains("suspectd_peer_state{peer=\"b\",state=\"trusted\"} 1\n"))
            #expect(try scrape(port, "GET /metr").isEmpty)
            #expect(try scrape(port, "GET /metrics HTTP/1.1\\r\\n\\r\\n").contains("suspectd_up 1\n"))
            // A hundred who connect and say nothing, for as long as they are let: a scrape takes its usual time.
            let idle = "for ((i = 10; i < 110; i++)); do eval \"exec $i<>/dev/tcp/127.0.0.1/\(port)\"; done;"
            let began = Clocks.monotonic()
            let script =
                "\(idle) exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /metrics HTTP/1.1\\r\\n\\r\\n' >&3; "
                + "timeout 10 cat <&3"
            let crowded = try Subprocess.run("/bin/bash", ["-c", script]).text
            #expect(crowded.contains("suspectd_up 1\n"), "\(crowded)")
            #expect(Clocks.monotonic() - began < 8 * second)
            #expect(try !cluster["a"].hasSuspected())
        }
    }
}
