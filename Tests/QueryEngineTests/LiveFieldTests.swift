import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Fields that Swift answers, beside those that the tables answer.
@Suite struct LiveFieldTests {
    private static let sdl = """
        extend type Query {
          balance: Balance @resolver(name: "balance") @access(roles: [OWNER])
          limit: Int @resolver(name: "limit") @access(roles: [OWNER])
        }
        type Balance { amount: String! currency: String owners: [BalanceOwner!] }
        type BalanceOwner { name: String! }
        """
    private static let document = """
        { limit people: contacts { totalCount } money: balance { currency amount owners { name } } viewer { role }
          messages(first: 1) { nodes { segments } } }
        """

    private func answer(
        balance: JSONValue, limit: JSONValue = 7, failing: Bool = false
    ) async throws -> (EngineResponse, JSONValue) {
        struct Unreachable: Error {}
        let resolvers: [String: Resolver] = [
            "balance": { _ in if failing { throw Unreachable() } else { balance } }, "limit": { _ in limit },
        ]
        return try await withWorld(resolvers: resolvers, adding: Self.sdl) { world in
            let response = await world.execute(Self.document, as: Clinic.alpha.caller())
            let data = try #require(try JSONValue(parsing: response.bytes)["data"])
            // Whatever became of the balance, what is beside it is answered.
            #expect(data["people"] == ["totalCount": 3] && data["viewer"] == ["role": "OWNER"])
            #expect(data["messages"] == ["nodes": [["segments": 7]]])
            return (response, data)
        }
    }

    @Test func `they stand where they were asked for`() async throws {
        let (response, data) = try await answer(balance: [
            "amount": "1.50", "currency": "USD", "owners": [["name": "A"]],
        ])
        #expect(response.errors.isEmpty)
        #expect(data.objectValue.map { Array($0.keys) } == ["limit", "people", "money", "viewer", "messages"])
        #expect(data["money"]?.objectValue.map { Array($0.keys) } == ["currency", "amount", "owners"])
        #expect(data["money"]?["owners"] == [["name": "A"]] && data["limit"] == 7)
    }

    @Test func `one that fails is null, with its path, and what is beside it is answered`() async throws {
        let (response, data) = try await answer(balance: .null, failing: true)
        #expect(data["money"] == .null && data["limit"] == 7)
        #expect(response.errors.map(\.path) == [[.key("money")]])
        #expect(response.errors.map(\.code) == [.internal])
    }

    @Test func `a value that does not fit is null as far up as it must be`() async throws {
        let (missing, lost) = try await answer(balance: ["currency": "USD"])
        #expect(lost["money"] == .null)
        #expect(missing.errors.map(\.path) == [[.key("money"), .key("amount")]])
        let (unfit, kept) = try await answer(
            balance: ["amount": "1.50", "currency": 5, "owners": [["name": "A"], [:]]], limit: 3_000_000_000)
        #expect(kept["money"] == ["currency": .null, "amount": "1.50", "owners": .null] && kept["limit"] == .null)
        #expect(
            unfit.errors.map(\.path) == [
                [.key("limit")], [.key("money"), .key("currency")],
                [.key("money"), .key("owners"), .index(1), .key("name")],
            ])
    }

    private static let lock = Statement("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE")
    private static let waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'switchboard_tenant' AND wait_event_type = 'Lock'
        """

    /// The statement waits for a lock and each field for the other, and all of them are seen under way at once.
    @Test(.timeLimit(.minutes(1)))
    func `they run beside each other and beside the statement`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: String.self)
        let (hold, release) = AsyncStream.makeStream(of: Void.self)
        let (limitHold, limitRelease) = AsyncStream.makeStream(of: Void.self)
        let resolvers: [String: Resolver] = [
            "balance": { _ in
                begin.yield("balance")
                for await _ in hold {}
                return ["amount": "1.50"]
            },
            "limit": { _ in
                begin.yield("limit")
                for await _ in limitHold {}
                return 7
            },
        ]
        try await withWorld(resolvers: resolvers, adding: Self.sdl) { world in
            try await world.sql("GRANT UPDATE ON contacts TO switchboard_edge")
            let (locked, lock) = AsyncStream.makeStream(of: Void.self)
            let (held, unlock) = AsyncStream.makeStream(of: Void.self)
            async let holding: Void = world.database.withoutTenant(as: .edge) { transaction in
                _ = try await transaction.execute(Self.lock)
                lock.finish()
                for await _ in held {}
            }
            for await _ in locked {}
            async let response = world.execute(
                "{ contacts { totalCount } balance { amount } limit }", as: Clinic.alpha.caller())
            var names: Set<String> = []
            for await name in begun {
                names.insert(name)
                if names.count == 2 { break }
            }
            while try await world.sql(Self.waiting) != "1" { try await Task.sleep(for: .milliseconds(5)) }
            for end in [unlock, release, limitRelease] { end.finish() }
            let answer = String(decoding: await response.bytes, as: UTF8.self)
            #expect(answer == #"{"data":{"contacts":{"totalCount":3},"balance":{"amount":"1.50"},"limit":7}}"#)
            try await holding
        }
    }
}
