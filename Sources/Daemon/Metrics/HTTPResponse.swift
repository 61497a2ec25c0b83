/// As much of HTTP/1.0 (RFC 1945) as one page needs: every connection carries one request.
struct HTTPResponse {
    /// The whole response, head and body.
    let text: String

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - request: its head.
    ///   - metrics: makes the page; called only when it is asked for.
    init(to request: String, metrics: () -> String) {
        let line = request.split(separator: "\r\n", maxSplits: 1).first ?? ""
        let words = line.split(separator: " ")
        let path = words.count == 3 ? words[1].split(separator: "?", maxSplits: 1).first : nil
        switch (words.first, path) {
        case (_, nil): text = Self.page("400 Bad Request", "not an HTTP request\n")
        case ("GET", "/metrics"): text = Self.page("200 OK", metrics(), type: "text/plain; version=0.0.4")
        case ("GET", "/"): text = Self.page("200 OK", "suspectd: metrics are at /metrics\n")
        case ("GET", _): text = Self.page("404 Not Found", "there is only /metrics\n")
        default: text = Self.page("405 Method Not Allowed", "only GET is answered\n", more: "Allow: GET\r\n")
        }
    }

    private static func page(
        _ status: String, _ body: String, type: String = "text/plain", more: String = ""
    ) -> String {
        "HTTP/1.0 \(status)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n"
            + "\(more)Connection: close\r\n\r\n\(body)"
    }
}
