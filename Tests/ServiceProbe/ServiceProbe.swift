import FailureDetection
import Glibc
import LinuxIO
import Records
import Services
import UnitObservation

/// Observes units and prints their states, and how long after the start of the program each was known.
enum ServiceProbe {
    static func run(_ units: [String]) -> CInt {
        let observed = units.compactMap { unit in
            ServiceName(unit).map { ObservedUnit(service: $0, unit: unit) }
        }
        var observer = UnitObserver(observed)
        var book = ServiceBook()
        _ = book.configure(observed.map { ServiceSettings(name: $0.service) }, at: now())
        while true {
            let wait = book.nextDeadline - now()
            let milliseconds = min(max(wait.nanoseconds / 1_000_000 + 1, 0), 60_000)
            let news = observer.turn(timeout: CInt(milliseconds))
            for case .input(let service, let input) in news {
                print(book.handle(input, of: service, at: now()))
            }
            print(book.wake(at: now()))
        }
    }

    private static func now() -> Instant { Instant(nanoseconds: Clocks.monotonic()) }

    private static func print(_ news: [ServiceNews]) {
        for case .changed(let name, let change) in news {
            let status = change.after
            let words = [
                name.description, status.state.name, status.cause.name, "\(status.detail)",
                status.certainty.rawValue,
                "generation=\(status.generation)", change.restart == nil ? "" : "restarted",
            ]
            let line = words.filter { !$0.isEmpty }.joined(separator: " ") + "\n"
            _ = line.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
        }
    }
}
