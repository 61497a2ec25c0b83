// swift-tools-version: 6.2
import PackageDescription

// The directions of import are the architecture (docs/ARCHITECTURE.md). They are kept by
// `swift build --explicit-target-dependency-import-check error`, which every make target uses.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// With SUSPECTD_OPTIMISE=1 what only computes is optimised in builds for debugging, too, and keeps its assertions: the tests
/// simulate for minutes otherwise.
let optimised: [SwiftSetting] =
    Context.environment["SUSPECTD_OPTIMISE"] == "1"
    ? [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))] : []

/// The pure island: no system module, and every unsafe use has to be spelled out.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()] + optimised

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let tomlKit: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "suspectd",
    products: [
        .library(name: "CausalClock", targets: ["CausalClock"]),
        .library(name: "FailureDetection", targets: ["FailureDetection"]),
        .executable(name: "suspectd", targets: ["suspectd"]),
        .executable(name: "suspectctl", targets: ["suspectctl"]),
        .executable(name: "suspectd-demo", targets: ["suspectd-demo"]),
        .executable(name: "suspect-sim", targets: ["suspect-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // The pure island.
        .target(name: "CausalClock", swiftSettings: pure),
        .target(name: "CausalExport", dependencies: ["CausalClock"], swiftSettings: strict),
        .target(name: "CMath"),
        .target(
            name: "FailureDetection", dependencies: ["CausalClock", "CMath"], swiftSettings: pure,
            linkerSettings: [.linkedLibrary("m")]),
        .target(name: "ByteCoding", dependencies: ["CausalClock"], swiftSettings: pure),
        .target(
            name: "Wire", dependencies: ["Records", "ByteCoding", "FailureDetection", "CausalClock"],
            swiftSettings: pure),
        .target(
            name: "Records", dependencies: ["ByteCoding", "FailureDetection", "CausalClock"],
            swiftSettings: pure),

        .target(name: "Services", dependencies: ["Records", "FailureDetection"], swiftSettings: pure),

        .target(
            name: "Simulation",
            dependencies: ["Wire", "Records", "FailureDetection", "CausalClock", "CMath"],
            swiftSettings: pure),

        // The edges: kernel, systemd, files, clients.
        .target(name: "CLinux"),
        .target(name: "LinuxIO", dependencies: ["CLinux"], swiftSettings: strict),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .target(name: "Systemd", dependencies: ["CSystemd"], swiftSettings: strict),
        .target(name: "Configuration", dependencies: [tomlKit], swiftSettings: strict),
        .target(name: "StatusAPI", swiftSettings: strict),

        .target(
            name: "UnitObservation", dependencies: ["Systemd", "LinuxIO", "Services", "Records"],
            swiftSettings: strict),

        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(
            name: "Sealing", dependencies: ["CSodium", "LinuxIO", "Records", "Wire"],
            swiftSettings: strict),

        // What is assembled from them.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Replay", dependencies: ["FailureDetection", "CZlib"], swiftSettings: strict),
        .target(
            name: "Daemon",
            dependencies: [
                "Systemd", "LinuxIO", "StatusAPI", "Metrics", "Configuration", "Sealing", "Wire",
                "FailureDetection", "CausalClock", "Records", "Services", "UnitObservation",
            ],
            swiftSettings: strict),
        .target(name: "Metrics", dependencies: ["StatusAPI"], swiftSettings: strict),
        .target(
            name: "SuspectControl",
            dependencies: [
                "StatusAPI", "Metrics", "Configuration", "LinuxIO", "Replay", "CausalClock", "CausalExport",
                "Sealing",
                argumentParser,
            ],
            swiftSettings: strict),
        .target(name: "Demo", dependencies: ["StatusAPI", "LinuxIO"], swiftSettings: strict),
        .target(
            name: "SimulatorCommands", dependencies: ["Simulation", argumentParser], swiftSettings: strict),
        .executableTarget(name: "suspect-sim", dependencies: ["SimulatorCommands"], swiftSettings: strict),
        .executableTarget(name: "suspectd", dependencies: ["Daemon", argumentParser], swiftSettings: strict),
        .executableTarget(name: "suspectctl", dependencies: ["SuspectControl"], swiftSettings: strict),
        .executableTarget(name: "suspectd-demo", dependencies: ["Demo"], swiftSettings: strict),

        // A bench that needs the modules.
        .executableTarget(
            name: "datagram-cost", dependencies: ["Sealing", "Wire", "FailureDetection", "CausalClock"],
            path: "bench/cost", swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["LinuxIO", "FailureDetection"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "varlink-certifier", dependencies: ["StatusAPI", "LinuxIO"], path: "Tests/VarlinkCertifier",
            swiftSettings: strict),
        .executableTarget(
            name: "service-probe",
            dependencies: ["UnitObservation", "Services", "Records", "LinuxIO", "FailureDetection"],
            path: "Tests/ServiceProbe", swiftSettings: strict),
        .testTarget(
            name: "CausalClockTests", dependencies: ["TestSupport", "CausalClock"], swiftSettings: strict),
        .testTarget(
            name: "CausalExportTests", dependencies: ["CausalExport", "CausalClock"], swiftSettings: strict),
        .testTarget(
            name: "FailureDetectionTests", dependencies: ["TestSupport", "FailureDetection", "CausalClock"],
            swiftSettings: strict),
        .testTarget(
            name: "LibraryTests", dependencies: ["FailureDetection", "CausalClock"], swiftSettings: strict),
        .testTarget(
            name: "WireTests",
            dependencies: [
                "TestSupport", "Wire", "Records", "ByteCoding", "FailureDetection", "CausalClock",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RecordsTests",
            dependencies: ["TestSupport", "Records", "ByteCoding", "FailureDetection", "CausalClock"],
            swiftSettings: strict),
        .testTarget(
            name: "ServicesTests",
            dependencies: [
                "TestSupport", "Services", "Records", "FailureDetection", "UnitObservation", "Systemd",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SealingTests",
            dependencies: ["TestSupport", "Sealing", "Wire", "Records", "FailureDetection", "CausalClock"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "Wire", "Records", "FailureDetection", "CausalClock"],
            exclude: ["Scenarios"], swiftSettings: strict),
        .testTarget(
            name: "LinuxIOTests", dependencies: ["TestSupport", "LinuxIO", "CLinux"], swiftSettings: strict),
        .testTarget(name: "SystemdTests", dependencies: ["Systemd"], swiftSettings: strict),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["TestSupport", "Configuration"], swiftSettings: strict),
        .testTarget(
            name: "StatusAPITests", dependencies: ["StatusAPI"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "SuspectControlTests",
            dependencies: ["TestSupport", "SuspectControl", "Metrics", "StatusAPI", "LinuxIO"],
            swiftSettings: strict),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "TestSupport",
                "Daemon", "Sealing", "StatusAPI", "LinuxIO", "Configuration", "Systemd", "Wire",
                "FailureDetection",
                "CausalClock", "suspectd", "suspectctl", "suspectd-demo",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReplayTests", dependencies: ["TestSupport", "Replay", "FailureDetection", "CZlib"],
            swiftSettings: strict),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "TestSupport",
                "SuspectControl", "Configuration", "StatusAPI", "Systemd", "LinuxIO", "Metrics",
                "FailureDetection", "suspectd",
            ],
            swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Simulation", "Wire", "FailureDetection", "CausalClock", "CausalExport", "Sealing",
                "StatusAPI",
                "Configuration", "Replay", "LinuxIO",
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "HouseRulesTests", swiftSettings: strict),
    ]
)

// Only `make fuzz` builds this: it needs libFuzzer.
if Context.environment["SUSPECTD_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "suspectd-fuzz", dependencies: ["FuzzTargets"], path: "Tests/fuzz", exclude: ["run.sh"],
            swiftSettings: strict))
}
