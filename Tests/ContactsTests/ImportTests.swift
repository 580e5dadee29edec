import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct ImportTests {
    static let report =
        "report { isDryRun rows created updated unchanged refused refusals { line field code likelyPhone } ignoredColumns }"

    static let file = """
        Mobile,First name,Last name,Tags,Time zone,Insurance\r
        +14155550121,Ada,Lovelace,VIP; new,America/New_York,A\r
        (415) 555-0122,Alan,Turing,,,B\r
        +14155550123,"O'Hara, Eve",,a|b,Mars/Olympus,C\r
        +14155550121,Again,,,,D\r
        ,Nobody,,,,E\r
        +14155550125,Grace,Hopper,,,F,G\r
        +14155550126,,,,,H\r

        """

    @Test func `a file is taken as far as it can be, and the report says what was refused and why`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.mutate("updateSettings", ["defaultCountry": "US"], "settings { id }", as: clinic)
            let input: JSONValue = ["csv": .string(Self.file), "tags": ["2026"]]
            let expected: JSONValue = [
                "isDryRun": true, "rows": 7, "created": 2, "updated": 0, "unchanged": 0, "refused": 5,
                "refusals": [
                    ["line": 3, "field": "PHONE", "code": "INVALID_PHONE", "likelyPhone": "+14155550122"],
                    ["line": 4, "field": "TIME_ZONE", "code": "INVALID_TIME_ZONE", "likelyPhone": .null],
                    ["line": 5, "field": "PHONE", "code": "DUPLICATE_PHONE", "likelyPhone": .null],
                    ["line": 6, "field": "PHONE", "code": "INVALID_PHONE", "likelyPhone": .null],
                    ["line": 7, "field": "PHONE", "code": "TOO_MANY_FIELDS", "likelyPhone": .null],
                ], "ignoredColumns": ["Insurance"],
            ]
            func run(_ more: JSONValue) async throws -> JSONValue {
                var members = input.objectValue ?? [:]
                for (name, value) in more.objectValue ?? [:] { members[name] = value }
                return try await world.mutate("importContacts", .object(members), Self.report, as: clinic)
            }
            #expect(try await run(["dryRun": true])["report"] == expected)
            #expect(try await world.count("contacts") == 0)
            var real = expected.objectValue ?? [:]
            real["isDryRun"] = false
            #expect(try await run([:])["report"] == .object(real))
            #expect(
                try await world.value("SELECT name, tags, time_zone FROM contacts WHERE phone = '+14155550121'")
                    == "Ada Lovelace|{2026,new,vip}|America/New_York")

            // The same file again changes nothing.
            real["created"] = 0
            real["unchanged"] = 2
            #expect(try await run([:])["report"] == .object(real))

            // The likely number is taken on demand, and what is known is added to.
            let likely = try await run(["acceptLikelyNumbers": true, "tags": ["2027"]])
            #expect(likely["report"]?["created"] == 1)
            #expect(likely["report"]?["updated"] == 2)
            #expect(try await world.count("contacts", where: "phone = '+14155550122' AND tags = '{2027}'") == 1)
            let kept = try await run(["known": "KEEP", "tags": ["2028"]])
            #expect(kept["report"]?["updated"] == 0)
            #expect(try await world.count("contacts", where: "'2028' = ANY (tags)") == 0)
        }
    }

    @Test func `an import reads those whom it names, however many are known`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone)
                SELECT '\(clinic.organization)'::uuid, '+1500555' || i FROM generate_series(1001, 1020) AS i
                UNION ALL
                SELECT '\(clinic.organization)'::uuid, '+1500555' || i FROM generate_series(10001, 30000) AS i;
                VACUUM (ANALYZE);
                """)
            let before = try await world.rowsScanned()
            let lines = (1...20).map { "+1500555\(1_000 + $0),Ada \($0)\n" }
            let input: JSONValue = ["csv": .string("Phone,Name\n" + lines.joined())]
            let taken = try await world.mutate("importContacts", input, Self.report, as: clinic)
            #expect(taken["report"]?["updated"] == 20)
            #expect(try await world.rowsScanned(ending: true) - before < 20_000)
            #expect(try await world.count("contacts", where: "name LIKE 'Ada %'") == 20)
        }
    }

    @Test func `columns are named by the caller, with another separator`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let input: JSONValue = [
                "csv": "Wer;Rufnummer\nAda;+14155550121\n", "separator": ";",
                "columns": [["header": "wer", "field": "NAME"], ["header": "RUFNUMMER", "field": "PHONE"]],
            ]
            let taken = try await world.mutate("importContacts", input, Self.report, as: clinic)
            #expect(taken["report"]?["created"] == 1)
            #expect(try await world.value("SELECT name FROM contacts") == "Ada")
        }
    }

    @Test(arguments: [
        ("", "CSV_EMPTY"), ("phone\n\"+1415", "CSV_MALFORMED"), ("name\nAda\n", "CSV_NO_PHONE_COLUMN"),
        ("phone\n" + String(repeating: "x\n", count: 10_001), "CSV_TOO_LONG"),
    ])
    func `a file that cannot be read is refused as a whole`(csv: String, code: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let refused = try await world.mutate("importContacts", ["csv": .string(csv)], Self.report, as: clinic)
            #expect(refused.refusal == code)
            #expect(refused["report"] == .null)
            let unknown = try await world.mutate(
                "importContacts", ["csv": "phone\n", "columns": [["header": "Tel", "field": "PHONE"]]], Self.report,
                as: clinic)
            #expect(unknown.refusal == "CSV_UNKNOWN_COLUMN")
        }
    }

    @Test func `ten thousand rows are a few statements, and another organization's numbers play no part`() async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic(0)
            let other = try await world.makeClinic(1)
            let rows = (0..<10_000).map { "+1500555\(String(repeating: "0", count: 4 - "\($0)".count))\($0),N \($0)" }
            let csv = JSONValue.string("phone,name\n" + rows.joined(separator: "\n"))
            for caller in [clinic, other] {
                let taken = try await world.mutate("importContacts", ["csv": csv], Self.report, as: caller)
                #expect(taken["report"]?["created"] == 10_000)
            }
            #expect(try await world.count("contacts", where: "org_id = '\(clinic.organization)'") == 10_000)
        }
    }
}
