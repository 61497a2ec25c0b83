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
}
