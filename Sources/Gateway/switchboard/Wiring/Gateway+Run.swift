import Curl
import Foundation
import GraphQL
import Logging
import Postgres
import ServiceLifecycle

extension Gateway {
    /// Serves until SIGTERM or SIGINT; then the edge drains first and the database closes last.
    func run(logger: Logger) async throws {
        try await ServiceGroup(untilSignal: services, logger: logger).run()
    }

    /// Lets go of everything without having served.
    func abandon() async {
        await database.close()
        await transport.shutdown()
    }
}

/// Closes the connections to Twilio when everything that uses them has stopped.
struct TransportService: Service {
    let transport: HTTPTransport

    func run() async throws {
        try? await gracefulShutdown()
        await transport.shutdown()
    }
}
