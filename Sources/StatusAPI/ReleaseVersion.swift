/// The version of this release, of the daemon and of its control program alike.
package enum ReleaseVersion {
    /// The version as `--version` and the status socket report it.
    package static let text = "0.1.0"
}
