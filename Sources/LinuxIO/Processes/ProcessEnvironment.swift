internal import Glibc

/// The environment that this process was started with.
package enum ProcessEnvironment {
    /// Every variable as "NAME=value", in the order of the environment.
    package static var all: [String] {
        var all: [String] = []
        var next = environ
        while let variable = next.pointee {
            all.append(String(cString: variable))
            next += 1
        }
        return all
    }

    /// The value of one variable; `nil` where it is not set, or empty.
    package static func value(of name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }
}
