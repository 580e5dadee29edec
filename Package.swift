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
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// A target under one of the floors of `Sources/`.
func room(_ floor: String, _ name: String, _ dependencies: [Target.Dependency], overC: Bool = false) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)",
        swiftSettings: overC ? strictOverC : strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict)
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
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // System: what C gives, and nothing else.
        .systemLibrary(
            name: "CLibPQ", path: "Sources/System/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/System/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CSodium", path: "Sources/System/CSodium", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSockets", path: "Sources/System/CSockets"),
        .systemLibrary(name: "CAllocator", path: "Sources/System/CAllocator"),

        // Infrastructure: each knows one machine and no business.
        room(
            "Infrastructure", "Sockets", ["CSockets", .product(name: "NIOCore", package: "swift-nio")], overC: true),
        room("Infrastructure", "Postgres", ["CLibPQ", "Sockets", logging, lifecycle], overC: true),
        room("Infrastructure", "EmbeddedPostgres", [subprocess, system, logging, lifecycle]),
        room("Infrastructure", "Curl", ["CCurl", logging], overC: true),
        room("Infrastructure", "Vault", ["CSodium"], overC: true),
        room("Infrastructure", "JobQueue", ["Postgres", logging, lifecycle]),

        // Query: language (pure) → plan → SQL → bytes.
        room("Query", "GraphQL", [collections]),
        room("Query", "QueryEngine", ["GraphQL", "Postgres", collections, logging, lifecycle]),

        // Carrier: two independent readings of the same facts. Neither imports the other.
        room("Carrier", "Twilio", ["Curl", "Vault", .product(name: "Crypto", package: "swift-crypto"), logging]),
        room(
            "Carrier", "TwilioSandbox",
            [
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"), logging, lifecycle,
            ]),

        // Capabilities: what the product does.
        room("Capabilities", "Audit", ["Postgres", "Vault", logging, lifecycle]),
        room(
            "Capabilities", "Accounts",
            [
                "Postgres", "QueryEngine", "GraphQL", "Vault", "Audit", "Curl",
                .product(name: "JWTKit", package: "jwt-kit"), collections, logging, lifecycle,
            ]),
        room(
            "Capabilities", "Credentials",
            [
                "Postgres", "QueryEngine", "GraphQL", "Vault", "JobQueue", "Curl", "Twilio", "Audit", collections,
                logging,
                lifecycle,
            ]),
        room("Capabilities", "Settings", ["Postgres", "QueryEngine", "GraphQL", collections]),
        room("Capabilities", "Contacts", ["Postgres", "QueryEngine", "GraphQL", "Settings", collections]),
        room("Capabilities", "Numbers", ["Postgres", "QueryEngine", "GraphQL", collections]),
        room("Capabilities", "Usage", ["Postgres"]),
        room("Capabilities", "Templates", ["Postgres", "QueryEngine", "GraphQL", collections]),
        room(
            "Capabilities", "OptOuts",
            ["Postgres", "QueryEngine", "GraphQL", "Audit", "Credentials", "Settings", "Contacts", collections]),
        room(
            "Capabilities", "Messaging",
            [
                "Postgres", "QueryEngine", "GraphQL", "JobQueue", "Curl", "Twilio", "Credentials", "Settings",
                "Contacts", "OptOuts", "Templates", "Numbers", "Usage", "Audit", "Vault",
                .product(name: "Crypto", package: "swift-crypto"), collections,
            ]),
        room(
            "Capabilities", "Sync",
            [
                "Postgres", "QueryEngine", "GraphQL", "JobQueue", "Twilio", "Credentials", "Numbers", "Messaging",
                collections,
            ]),

        // What the binary carries of the two top-level folders.
        .target(
            name: "SchemaFiles", path: "Schema",
            resources: [
                "Bindings", "Common", "Accounts", "Audit", "Credentials", "Settings", "Contacts", "OptOuts",
                "Templates", "Numbers", "Messaging", "BulkMessaging", "Sync", "Usage",
            ].map { .embedInCode("\($0).graphql") }, swiftSettings: strict),
        .target(
            name: "MigrationFiles", path: "migrations",
            resources: [
                "0000_roles", "0001_tenancy", "0002_accounts", "0003_audit", "0004_credentials", "0005_jobs",
                "0006_changes", "0007_usage", "0008_contacts", "0009_numbers", "0010_messaging", "0011_sync",
                "0012_prefix_search", "0013_usage_instants", "0014_change_retention", "0015_audit_chain",
                "0016_credential_rotation", "0017_users", "0018_sessions", "0019_key_expiry", "0020_issuers",
                "0021_delivery", "0022_sender_rates", "0023_rotation", "0024_bulk", "0025_settings",
                "0026_contact_tags", "0027_opt_outs", "0028_templates", "0029_media", "0030_guidance",
                "0031_retention", "0032_inbox", "0033_line_types", "0034_further_phones", "0035_unknown",
                "0036_outbound_media",
                "0037_verified_recipients", "0038_room_for_updates", "0039_retried_jobs",
                "0040_lighter_sends",
                "0041_lighter_attempts",
                "0042_message_sids",
                "0043_lighter_messages",
            ].map { .embedInCode("\($0).sql") } + [.embedInCode("walls.txt")], swiftSettings: strict),

        // Gateway: the edge, the wiring, the command line.
        room(
            "Gateway", "Server",
            [
                "GraphQL", "QueryEngine", "Postgres", "Sockets",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"), collections, metrics, logging, lifecycle,
            ]),

        .executableTarget(
            name: "switchboard",
            dependencies: [
                "SchemaFiles", "MigrationFiles", "Postgres", "EmbeddedPostgres", "Curl", "Vault", "JobQueue", "GraphQL",
                "QueryEngine", "Twilio", "TwilioSandbox", "Accounts", "Credentials", "Settings", "Contacts",
                "OptOuts", "Templates", "Messaging", "Numbers", "Sync", "Server", "Audit", "CAllocator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), collections, metrics, logging,
                lifecycle,
            ],
            path: "Sources/Gateway/switchboard", swiftSettings: strict),
        .executableTarget(
            name: "tour",
            dependencies: [
                "Curl", "GraphQL", .product(name: "ArgumentParser", package: "swift-argument-parser"), collections,
            ],
            path: "Sources/Gateway/tour", swiftSettings: strict),

        // Tests: one cluster for all of them, and the same names as the rooms.
        .target(
            name: "TestSupport",
            dependencies: ["EmbeddedPostgres", "Postgres", "MigrationFiles", subprocess, system, logging],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("IsolationTests", ["MigrationFiles", "Postgres", "TestSupport", logging]),
        .target(name: "TestServer", path: "Tests/TestServer", swiftSettings: strict),
        tests(
            "TwilioTests",
            ["Twilio", "Curl", "Vault", "TestServer", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Answers"]),
        tests("CurlTests", ["Curl", "TestServer"]),
        tests(
            "CarrierTests", ["Twilio", "TwilioSandbox", "Curl", "Vault", "TestServer", "FuzzInputs", logging]),
        tests(
            "TwilioSandboxTests",
            [
                "TwilioSandbox", .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                subprocess, system, logging,
            ], exclude: ["OpenAPI", "Python"]),
        tests("JobQueueTests", ["JobQueue", "Postgres", "TestSupport", logging, lifecycle]),
        tests(
            "ServerTests",
            [
                "Server", "GraphQL", "QueryEngine", "Postgres", "Accounts", "Audit", "TestSupport", "TestWorld",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                collections, logging, lifecycle,
            ]),
        .target(
            name: "FuzzInputs", dependencies: ["GraphQL", "Server", collections], path: "Tests/FuzzInputs",
            swiftSettings: strict),
        tests(
            "GraphQLTests", ["GraphQL", "FuzzInputs", "SchemaFiles", "TestSupport", collections],
            exclude: ["Differential/reference.py", "Differential/schemas.py"]),
        tests(
            "PostgresTests",
            ["Postgres", "EmbeddedPostgres", "FuzzInputs", "Sockets", "TestSupport", logging, lifecycle]),
        tests(
            "QueryEngineTests",
            ["QueryEngine", "GraphQL", "Postgres", "SchemaFiles", "TestSupport", collections, logging],
            exclude: ["Documents"]),
        tests("VaultTests", ["Vault"], exclude: ["reference-root-key.py"]),
        tests(
            "MessagingTests",
            [
                "Messaging", "Settings", "Credentials", "GraphQL", "QueryEngine", "Postgres", "Twilio", "Vault", "Curl",
                "TwilioSandbox", "TestSupport", "TestWorld", collections,
            ]),
        .target(
            name: "TestWorld",
            dependencies: [
                "TestSupport", "Postgres", "Curl", "Vault", "JobQueue", "GraphQL", "QueryEngine", "Twilio",
                "TwilioSandbox",
                "Accounts", "Audit", "Credentials", "Settings", "Contacts", "OptOuts", "Templates", "Messaging",
                "Numbers", "Sync",
                "Server",
                "SchemaFiles",
                .product(name: "Crypto", package: "swift-crypto"), collections, logging, lifecycle,
            ],
            path: "Tests/TestWorld", swiftSettings: strict),
        tests(
            "CredentialsTests",
            [
                "Credentials", "Accounts", "Audit", "Postgres", "QueryEngine", "GraphQL", "Vault", "Twilio",
                "TwilioSandbox", "TestSupport", "TestWorld", collections, logging, lifecycle,
            ]),
        tests(
            "DeliveryTests",
            [
                "Credentials", "JobQueue", "Curl", "GraphQL", "Postgres", "QueryEngine", "Twilio", "TwilioSandbox",
                "TestSupport", "TestWorld", collections, .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        tests(
            "CrashTests",
            [
                "switchboard", "TestSupport", "EmbeddedPostgres", "TwilioSandbox", "Curl", "GraphQL", collections,
                logging,
            ]),
        tests(
            "SyncTests",
            [
                "Sync", "Credentials", "JobQueue", "Twilio", "GraphQL", "TwilioSandbox", "TestSupport", "TestWorld",
                collections,
            ]),
        tests(
            "AuditTests",
            ["Audit", "Accounts", "Postgres", "Vault", "TestSupport", "TestWorld", logging]),
        tests(
            "AccountsTests",
            [
                "Accounts", "Audit", "Credentials", "Curl", "GraphQL", "Postgres", "QueryEngine", "Vault", "Server",
                "SchemaFiles", "TestSupport", "TestWorld", "TestServer", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"), collections,
            ], exclude: ["access.golden"]),
        tests("ContactsTests", ["Contacts", "GraphQL", "QueryEngine", "TestSupport", "TestWorld", collections]),
        tests(
            "OptOutsTests",
            [
                "OptOuts", "Settings", "GraphQL", "QueryEngine", "TwilioSandbox", "TestSupport", "TestWorld",
                collections,
            ]),
        tests("TemplatesTests", ["Templates", "GraphQL", "QueryEngine", "TestSupport", "TestWorld", collections]),
        tests("NumbersTests", ["Numbers"]),
        tests("EmbeddedPostgresTests", ["EmbeddedPostgres", "TestSupport", subprocess, logging, lifecycle]),
        tests(
            "EndToEndTests",
            [
                "switchboard", "tour", "fuzz", "TestSupport", "TestServer", "Curl", "GraphQL", "Vault", collections,
                subprocess,
                system,
            ],
            exclude: ["Clients"]),

        // Programs beside the tests: `make bench` and `make fuzz`.
        .target(name: "AllocationCount", path: "Tests/AllocationCount"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "GraphQL", "SchemaFiles", "AllocationCount", "CAllocator", "QueryEngine", "Postgres", "Credentials",
                "Accounts", "Audit", "Twilio", "Curl", "CCurl", "CLibPQ", "CSockets", "Sockets", "Vault", "TestSupport",
                "TestWorld",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), collections, subprocess, system,
                logging,
            ],
            path: "Tests/Benchmarks",
            exclude: [
                "Language/graphql-js.cjs", "Language/graphql_core.py", "Engine/wrk.lua", "Engine/fixture.sql",
                "Engine/inbox.graphql", "Engine/nested.graphql", "Engine/inbox-by-join.sql",
                "Engine/inbox-by-lookup.sql", "Engine/inbox-by-rows.sql",
            ],
            resources: [.embedInCode("Language/Inbox.graphql")], swiftSettings: strict),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "FuzzInputs", "GraphQL", "SchemaFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), collections, subprocess, system,
            ],
            path: "Tests/Fuzz", swiftSettings: strict),
    ]
)
