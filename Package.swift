// swift-tools-version: 6.2

import PackageDescription

// Every target of ours is built in the same strict way.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// Targets that call C say `unsafe` where they do.
let strictOverC = strict + [.strictMemorySafety()]

let collections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")

/// A target under one of the floors of `Sources/`.
func room(_ floor: String, _ name: String, _ dependencies: [Target.Dependency], overC: Bool = false) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)",
        swiftSettings: overC ? strictOverC : strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "switchboard",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // System: what C gives, and nothing else.
        .systemLibrary(name: "CLibPQ", path: "Sources/System/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", path: "Sources/System/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSodium", path: "Sources/System/CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

        // Infrastructure: each knows one machine and no business.
        room("Infrastructure", "Postgres", ["CLibPQ", logging, lifecycle], overC: true),
        room("Infrastructure", "EmbeddedPostgres", [logging, lifecycle]),
        room("Infrastructure", "Curl", ["CCurl", logging], overC: true),
        room("Infrastructure", "Vault", ["CSodium"], overC: true),
        room("Infrastructure", "JobQueue", ["Postgres", logging, lifecycle]),

        // Query: language (pure) → plan → SQL → bytes.
        room("Query", "GraphQL", [collections]),
        room("Query", "QueryEngine", ["GraphQL", "Postgres", collections, logging, lifecycle]),

        // Carrier: two independent readings of the same facts. Neither imports the other.
        room("Carrier", "Twilio", ["Curl", "Vault", logging]),
        room(
            "Carrier", "TwilioSandbox",
            [
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"), logging, lifecycle,
            ]),

        // Capabilities: what the product does.
        room("Capabilities", "Audit", ["Postgres"]),
        room("Capabilities", "Accounts", ["Postgres", "QueryEngine", "GraphQL", "Vault", "Audit", logging]),
        room("Capabilities", "Credentials", ["Postgres", "QueryEngine", "GraphQL", "Vault", "Curl", "Twilio", "Audit", logging]),
        room("Capabilities", "Contacts", ["Postgres", "QueryEngine", "GraphQL"]),
        room("Capabilities", "Numbers", ["Postgres", "QueryEngine", "GraphQL", "Twilio"]),
        room("Capabilities", "Usage", ["Postgres"]),
        room("Capabilities", "Messaging", ["Postgres", "QueryEngine", "GraphQL", "JobQueue", "Twilio", "Credentials", "Contacts", "Numbers", "Usage", logging]),
        room("Capabilities", "Sync", ["Postgres", "QueryEngine", "GraphQL", "JobQueue", "Twilio", "Credentials", "Contacts", "Numbers", "Messaging", "Usage", logging]),

        // Gateway: the edge, the wiring, the command line.
        room("Gateway", "Server", ["GraphQL", "QueryEngine", "Postgres", hummingbird, metrics, logging, lifecycle]),
    ]
)
