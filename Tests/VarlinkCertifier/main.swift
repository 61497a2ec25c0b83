import Glibc

// Holds this project's Varlink layer against other implementations:
//
//   varlink-certifier server PATH    serves org.varlink.certification to one client
//   varlink-certifier client PATH    goes through a server's certification

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, let path = arguments.last else {
    print("usage: varlink-certifier server|client PATH")
    exit(64)
}
do {
    if arguments.first == "server" {
        try CertificationService.serveOne(at: path)
    } else {
        var client = try CertificationClient(path: path)
        try client.run()
        print("certification passed")
    }
} catch {
    print("certification failed: \(error)")
    exit(1)
}
