import Logging
import ServiceLifecycle
import UnixSignals

/// A service that is called by its type's name. ServiceLifecycle writes services into the log as text, and of a struct
/// that text would be every member, secrets too.
private struct NamedService: Service, CustomStringConvertible {
    let service: any Service

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}

extension ServiceGroup {
    /// Runs these until SIGTERM or SIGINT. What stands first stops last.
    init(untilSignal services: [any Service], logger: Logger) {
        self.init(
            configuration: .init(
                services: services.map { NamedService(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
    }
}
