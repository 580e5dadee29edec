import GraphQL
import Testing

extension EndToEnd.Running {
    @Suite("over HTTP", .serialized)
    struct Edge {
        @Test func `malformed JSON is 400 and says where`() async throws {
            let demo = try SharedDemo.current
            let answer = try await Caller.with { caller in
                try await caller.post(
                    try demo.text("graphql"), Array(#"{"query": "{ viewer { role } }",,}"#.utf8),
                    headers: [
                        ("Content-Type", "application/json"), ("Authorization", "Bearer \(try demo.clinics[0].apiKey)"),
                    ])
            }
            #expect(answer.status == 400)
            #expect(try answer.error?["extensions"]?["line"] == 1)
            #expect(try answer.error?["extensions"]?["column"] == 33)
            #expect(try answer.error?["message"]?.stringValue?.isEmpty == false)
        }

        @Test func `a body of 10 MB is 413, in one sentence, and the server goes on`() async throws {
            let demo = try SharedDemo.current
            try await Caller.with { caller in
                let answer = try await caller.post(
                    try demo.text("graphql"), [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20),
                    headers: [
                        ("Content-Type", "application/json"), ("Authorization", "Bearer \(try demo.clinics[0].apiKey)"),
                    ])
                #expect(answer.status == 413)
                let message = try answer.error?["message"]?.stringValue ?? ""
                #expect(message.hasSuffix(".") && message.contains("bytes"))
                #expect(try await caller.get(try demo.server + "/healthz").status == 200)
            }
        }

        @Test(arguments: [("application/graphql-response+json", 400), ("application/json", 200)])
        func `an unknown field is named, with its place`(accept: String, status: Int) async throws {
            let demo = try SharedDemo.current
            let answer = try await Caller.with { caller in
                try await caller.ask(
                    try demo.text("graphql"), "{\n  viewer { rolle }\n}", key: try demo.clinics[0].apiKey,
                    accept: accept)
            }
            #expect(answer.status == status)
            #expect(try answer.error?["message"]?.stringValue?.contains("rolle") == true)
            #expect(try answer.error?["locations"] == [["line": 2, "column": 12]])
            #expect(try answer.json["data"] == nil)
        }

        @Test func `no key, or a wrong one, is 401; the right one is not`() async throws {
            let demo = try SharedDemo.current
            try await Caller.with { caller in
                let url = try demo.text("graphql")
                let key = try demo.clinics[0].apiKey
                for wrong in [nil, String(key.dropLast()), String(key.reversed())] {
                    let answer = try await caller.ask(url, "{ viewer { role } }", key: wrong)
                    #expect(answer.status == 401)
                    #expect(try answer.json["data"] == nil)
                }
                #expect(try await caller.ask(url, "{ viewer { role } }", key: key).status == 200)
            }
        }

        @Test func `a webhook is refused for a wrong signature and for an unknown hook, and taken from the carrier`()
            async throws
        {
            let demo = try SharedDemo.current
            let clinic = try demo.clinics[1]
            try await Caller.with { caller in
                let job = MainJob(demo: demo, clinic: clinic, caller: caller)
                try await job.register()
                try await job.sync()
                let before = try await job.messages()["messages"]?["totalCount"]?.intValue ?? 0

                let url = try await job.webhook()
                let forged = try await caller.post(url, Self.form(clinic), headers: Self.headers)
                #expect(forged.status == 403)
                let hook = try Self.hook(in: url)
                let unknown = url.replacing(hook, with: String(repeating: "A", count: hook.count))
                let lost = try await caller.post(unknown, Self.form(clinic), headers: Self.headers)
                #expect(lost.status == 404)
                #expect(try await job.messages()["messages"]?["totalCount"]?.intValue == before)

                let text: JSONValue = [
                    "from": .string(MainJob.patient), "to": .string(clinic.numbers.first ?? ""), "body": "Hello",
                ]
                let delivered = try await caller.post(
                    try demo.text("sandboxControl") + "/inbound", text.bytes,
                    headers: [("Content-Type", "application/json")])
                #expect(delivered.status / 100 == 2)
                try await eventually("the message is there") {
                    try await job.messages()["messages"]?["totalCount"]?.intValue == before + 1
                }
            }
        }

        private static let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ]

        private static func form(_ clinic: Demo.Clinic) -> [UInt8] {
            let to = (clinic.numbers.first ?? "").replacing("+", with: "%2B")
            let from = MainJob.patient.replacing("+", with: "%2B")
            return Array(
                ("AccountSid=\(clinic.accountSid)&MessageSid=SM00000000000000000000000000000001&Body=Forged"
                    + "&NumMedia=0&NumSegments=1&From=\(from)&To=\(to)").utf8)
        }

        /// `…/hooks/twilio/{hook}/…`
        private static func hook(in url: String) throws -> String {
            let parts = url.split(separator: "/")
            guard let place = parts.firstIndex(of: "twilio"), place + 1 < parts.count else { throw Unexpected(url) }
            return String(parts[place + 1])
        }
    }
}
