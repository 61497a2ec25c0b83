import Testing

/// Everything that runs daemons, one test at a time: they share two cores with each other, and time is what they judge.
@Suite("real daemons", .serialized)
enum RealDaemons {}
