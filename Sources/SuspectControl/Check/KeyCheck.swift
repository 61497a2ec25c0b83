internal import LinuxIO
internal import Sealing

/// The keys of a configuration, as the daemon will find them: it runs as a user of its own, and the service manager hands it
/// credentials that no other process sees.
struct KeyCheck {
    /// The user that the unit runs the daemon as.
    static let daemonUser = "suspectd"

    /// What keeps the daemon from using the keys.
    private(set) var errors: [String] = []
    /// What could not be checked.
    private(set) var warnings: [String] = []

    /// Checks the files and credentials that are named.
    init(_ names: [String]) {
        let credentials = names.filter { !$0.contains("/") }
        let paths = names.filter { $0.contains("/") }
        let isService = ServiceCredentials.areHere
        if !isService, !credentials.isEmpty {
            warnings.append(
                "\(credentials.joined(separator: ", ")): a credential of the service (LoadCredential=), which only the service "
                    + "can read; not checked here")
        }
        do throws(KeyFiles.Failure) {
            _ = try KeyFiles.load(isService ? names : paths)
        } catch {
            let isForRoot = !CurrentUser.isRoot && error.errno == .permissionDenied
            errors.append(
                error.description + (isForRoot ? "; as this user it cannot be checked: run it as root" : ""))
            return
        }
        guard let user = SystemUser(named: Self.daemonUser) else { return }
        for path in paths {
            guard let obstacle = user.obstacle(toReading: path) else { continue }
            errors.append(
                "\(path): the user \(Self.daemonUser), as which the service runs, cannot read it: \(obstacle)"
            )
        }
    }
}
