internal import StatusAPI

extension ControlContext {
    /// Writes a value as one line of JSON.
    func writeJSON(_ value: some Encodable) throws(ControlFailure) {
        do throws(JSONFailure) {
            output.write(try JSONText.string(of: value).escapingInvisible + "\n")
        } catch {
            throw .badReply("\(error)")
        }
    }

    /// Writes lines of text.
    func write(_ lines: [String]) {
        output.write(shown(lines.map { $0 + "\n" }.joined()))
    }
}
