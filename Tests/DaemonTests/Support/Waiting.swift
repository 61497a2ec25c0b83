import Glibc
import LinuxIO

/// A second in the nanoseconds of every clock.
let second: Int64 = 1_000_000_000

/// Polls until `condition` holds, for so many seconds at most; whether it came to hold.
///
/// The bound is for machines that are busy; what is waited for usually comes within milliseconds.
func eventually(within seconds: Int64 = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = Clocks.monotonic() + seconds * second
    while true {
        if try condition() { return true }
        guard Clocks.monotonic() < deadline else { return false }
        poll(nil, 0, 5)
    }
}

/// Lets so many milliseconds pass: the length of a pause or an outage that a test makes, never a wait for something.
func letPass(milliseconds: Int32) {
    let deadline = Clocks.monotonic() + Int64(milliseconds) * 1_000_000
    while Clocks.monotonic() < deadline {
        poll(nil, 0, max(1, Int32((deadline - Clocks.monotonic()) / 1_000_000)))
    }
}
