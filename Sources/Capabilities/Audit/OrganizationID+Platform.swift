import Foundation
package import Postgres

extension OrganizationID {
    /// Under which the platform's own log stands: its keys, its settings. No organization has this id.
    package static let platform = OrganizationID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}
