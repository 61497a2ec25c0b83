import Testing

@testable import Configuration

@Suite("A suggestion")
struct SuggestionTests {
    @Test(
        "is the nearest known word",
        arguments: [
            ("hearbeat_interval", "heartbeat_interval"), ("heartbeat-interval", "heartbeat_interval"),
            ("Margin", "margin"), ("retrys", "retries"), ("minimum_time_out", "minimum_timeout"),
        ])
    func near(word: String, known: String) {
        #expect(suggestion(for: word, among: Schema.peer) == known)
    }

    @Test(
        "is not made when nothing is near", arguments: ["colour", "x", "", "a_word_that_nobody_knows_here"])
    func far(word: String) {
        #expect(suggestion(for: word, among: Schema.peer) == nil)
    }

    @Test(
        "rests on the edit distance",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("margin", "margin", 0),
            ("ab", "ba", 2),
        ])
    func distance(a: String, b: String, distance: Int) {
        #expect(editDistance(a, b) == distance)
    }
}
