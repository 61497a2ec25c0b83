internal import Glibc

/// What a configuration takes from the process that reads it; a value, so that tests can inject it.
package struct ConfigurationEnvironment: Sendable, Equatable {
    /// The host's name, the default of `[node] id`.
    package let hostName: String

    /// Whether a node without `[node] id` keeps the id that its state folder belongs to, whatever the host is called now.
    package let keepsIdentity: Bool

    /// systemd's `$STATE_DIRECTORY`, the default of `[node] state_directory`.
    package let stateDirectory: String?

    /// systemd's `$RUNTIME_DIRECTORY`, the folder of the default `[node] status_socket`.
    package let runtimeDirectory: String?

    /// An environment; of a colon-separated list of folders the first counts, an empty text means "not set".
    package init(
        hostName: String, stateDirectory: String? = nil, runtimeDirectory: String? = nil,
        keepsIdentity: Bool = false
    ) {
        self.hostName = hostName
        self.keepsIdentity = keepsIdentity
        self.stateDirectory = Self.firstFolder(of: stateDirectory)
        self.runtimeDirectory = Self.firstFolder(of: runtimeDirectory)
    }

    /// The environment of the calling process.
    package static func process() -> Self {
        Self(
            hostName: systemHostName(),
            stateDirectory: variable("STATE_DIRECTORY"),
            runtimeDirectory: variable("RUNTIME_DIRECTORY"), keepsIdentity: true)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func systemHostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return buffer.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    private static func firstFolder(of list: String?) -> String? {
        list?.split(separator: ":").first.map(String.init)
    }
}
