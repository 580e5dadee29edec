import Foundation
import GraphQL
import Logging
import OrderedCollections
import Postgres

/// Turns what was thrown into what a caller may read. An unexpected error says nothing but an `errorId`, which the log has
/// beside the detail.
struct ErrorReport: Sendable {
    let logger: Logger

    func graphQLError(
        _ error: any Error, path: [PathElement]?, location: SourceLocation?, requestID: String
    ) -> GraphQLError {
        let locations = location.map { [$0] } ?? []
        switch error {
        case var error as GraphQLError:
            if error.path == nil { error.path = path }
            if error.locations.isEmpty { error.locations = locations }
            return error
        case is CancellationError:
            return GraphQLError(
                "The request was given up before it was answered.", code: .cancelled, locations: locations, path: path)
        case let error as PostgresError:
            if let known = known(error) {
                logger.warning(
                    "database did not answer",
                    metadata: [
                        "code": "\(known.0.rawValue)", "detail": "\(error.logDetail)", "request": "\(requestID)",
                    ])
                return GraphQLError(known.1, code: known.0, locations: locations, path: path)
            }
            return unexpected("\(error): \(error.logDetail)", path: path, locations: locations, requestID: requestID)
        default:
            return unexpected(
                "\(type(of: error)): \(error)", path: path, locations: locations, requestID: requestID)
        }
    }

    private func known(_ error: PostgresError) -> (ErrorCode, String)? {
        switch error.code {
        case .timedOut: (.timeout, "The request took longer than it may. Ask for less at once.")
        case .cancelled: (.cancelled, "The request was given up before it was answered.")
        case .poolExhausted, .connectionLost, .cannotConnect, .closed:
            (.unavailable, "The database cannot answer at the moment. Try again shortly.")
        case .server(sqlState: "22003"):
            (.intOutOfRange, "A whole number in the answer does not fit GraphQL's 32 bits.")
        // An administrator stopped the statement; a limit of time is `timedOut`.
        case .server(sqlState: "57014"): (.cancelled, "The request was given up before it was answered.")
        case .server(sqlState: "22023"):
            (.badUserInput, "The database does not know this time zone. Give an IANA name such as America/New_York.")
        // Too many connections, no memory, no disk.
        case .server(let state) where state.hasPrefix("53"):
            (.unavailable, "The database cannot answer at the moment. Try again shortly.")
        case .server, .protocolViolation: nil
        }
    }

    private func unexpected(
        _ detail: String, path: [PathElement]?, locations: [SourceLocation], requestID: String
    ) -> GraphQLError {
        let errorID = UUID().uuidString.lowercased()
        logger.error(
            "unexpected error", metadata: ["errorId": "\(errorID)", "detail": "\(detail)", "request": "\(requestID)"])
        return GraphQLError(
            "Something went wrong here. The errorId helps to find out what.", code: .internal, locations: locations,
            path: path, extensions: ["errorId": .string(errorID)])
    }
}
