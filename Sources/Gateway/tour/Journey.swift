import Curl
import Foundation
import GraphQL

/// The steps of the tour, in order.
struct Journey: Sendable {
    let carrier: Carrier
    let console: Console
    let clinicA: DemoFile.Organization
    let a: Client
    let b: Client
    let admin: Client
    let secrets: [String]

    /// A fictional number.
    static let patient = "+14155550123"

    init(demo: DemoFile, transport: HTTPTransport, console: Console) throws {
        guard demo.organizations.count >= 2 else { throw Failure("The demo has fewer than two clinics.") }
        func client(_ name: String, _ apiKey: String) -> Client {
            Client(name: name, url: demo.graphql, apiKey: apiKey, transport: transport, console: console)
        }
        clinicA = demo.organizations[0]
        a = client(demo.organizations[0].name, demo.organizations[0].apiKey)
        b = client(demo.organizations[1].name, demo.organizations[1].apiKey)
        admin = client("The platform's admin", demo.platform.apiKey)
        carrier = Carrier(base: demo.sandbox, control: demo.sandboxControl, transport: transport)
        secrets = demo.organizations.flatMap { [$0.authToken, $0.apiKey] }
        self.console = console
    }

    func run() async throws {
        try await forgetEarlierTour()
        let credential = try await register()
        try await sync()
        let message = try await send()
        try await answer()
        try await forge()
        try await keepApart(message)
        try await audit()
        try await revoke(credential)
    }

    func expect(_ holds: Bool, _ what: String, _ found: @autoclosure () -> String = "") throws {
        guard holds else {
            let found = found()
            throw Failure(found.isEmpty ? "Expected: \(what)." : "Expected: \(what). Found: \(found)")
        }
        console.holds(what)
    }

    /// The first `userErrors` code of a payload.
    func code(_ payload: JSONValue?) -> String? {
        payload?["userErrors"]?.arrayValue?.first?["code"]?.stringValue
    }
}
