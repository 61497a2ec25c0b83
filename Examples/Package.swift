// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the examples see what any user of the libraries sees.

let package = Package(
    name: "Examples",
    dependencies: [.package(name: "suspectd", path: "..")],
    targets: [
        .executableTarget(
            name: "clocks", dependencies: [.product(name: "CausalClock", package: "suspectd")]),
        .executableTarget(
            name: "minimal-detector",
            dependencies: [
                .product(name: "CausalClock", package: "suspectd"),
                .product(name: "FailureDetection", package: "suspectd"),
            ]),
    ]
)
