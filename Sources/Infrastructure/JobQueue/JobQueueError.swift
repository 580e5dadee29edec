package import Postgres

/// Why a job could not be asked for.
package enum JobQueueError: Error, Sendable, CustomStringConvertible {
    /// The transaction has no organization, so the job would belong to nobody.
    case noOrganization
    case database(PostgresError)

    package var description: String {
        switch self {
        case .noOrganization: "A job can be asked for only within an organization's transaction."
        case .database(let error): error.description
        }
    }
}
