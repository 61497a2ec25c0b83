/// The version of this daemon, as `--version`, the status socket and the journal show it.
package enum DaemonVersion {
    /// Semantic version; CHANGELOG.md says what each brings.
    package static let text = "0.1.0"
}
