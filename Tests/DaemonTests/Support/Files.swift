import LinuxIO

/// Writes a small file.
func writeFile(_ text: String, to path: String) throws {
    try DurableFile.write(Array(text.utf8), to: path)
}

/// The text of a file; empty when there is none.
func textOfFile(_ path: String) -> String {
    String(decoding: ((try? DurableFile.read(path)) ?? nil) ?? [], as: UTF8.self)
}
