import Logging
import Metrics
import Server

typealias LogLevel = Logger.Level

/// What a person who runs the server sees of it. Set up once per process.
enum Observability {
    static let metrics = PrometheusRegistry()

    /// The log goes to standard error, one line an event, so that standard output stays for answers.
    static func start(level: LogLevel) -> Logger {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        MetricsSystem.bootstrap(metrics)
        return Logger(label: "switchboard")
    }
}
