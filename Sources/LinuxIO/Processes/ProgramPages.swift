internal import CLinux

/// The pages of the program and its libraries that are in memory.
package enum ProgramPages {
    /// Gives back the pages that were only needed to start.
    ///
    /// Reading a configuration touches megabytes of code that the loop never runs. They are clean copies of files,
    /// and the kernel would take them back under pressure; giving them back immediately keeps what the process holds
    /// honest and small. What is needed again comes back on its own. Memory that is locked stays.
    package static func release() { clinux_release_program_pages() }
}
