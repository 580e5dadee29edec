import Foundation
import TwilioSandbox

/// `demo.json`: everything that a person or a program needs to use a running demo.
struct DemoFile: Encodable, Sendable {
    struct Platform: Encodable, Sendable {
        let apiKey: String
    }

    struct Organization: Encodable, Sendable {
        let name: String
        let slug: String
        let id: String
        let apiKey: String
        let email: String
        let password: String
        let accountSid: String
        let authToken: String
        let numbers: [String]
    }

    let graphql: String
    /// The server's own page.
    let console: String
    let sandbox: String
    let sandboxControl: String
    /// A libpq connection string of the embedded cluster's administrator.
    let database: String
    let platform: Platform
    let organizations: [Organization]

    init(state: DemoState, database: String) {
        let server = "http://127.0.0.1:\(state.port)"
        let carrier = "http://127.0.0.1:\(state.sandboxPort)"
        graphql = server + "/graphql"
        console = server + "/"
        sandbox = carrier
        sandboxControl = carrier + "/_control"
        self.database = database
        platform = Platform(apiKey: state.platformAPIKey)
        organizations = zip(state.clinics, state.accounts).map { clinic, account in
            Organization(
                name: clinic.name, slug: clinic.slug, id: clinic.id, apiKey: clinic.apiKey, email: clinic.email,
                password: clinic.password, accountSid: account.sid, authToken: account.authToken,
                numbers: account.numbers.map(\.phoneNumber))
        }
    }

    func greeting(stateDirectory: String, after duration: Duration) -> String {
        let seconds = String(format: "%.1f", duration / .seconds(1))
        return """

            Switchboard is ready after \(seconds) s.

              API       \(graphql)
              Sandbox   \(sandbox)
              Database  psql "\(database)"
              Keys      \(stateDirectory)/demo.json

            Next, in a second terminal: make tour
            Ctrl-C stops everything and leaves the data.
            """
    }
}
