import Foundation
package import Postgres

/// What a rotation did, and what it could not do.
package struct RotationReport: Sendable, Equatable {
    /// Keys or secrets that are under the new key since this run.
    package internal(set) var moved = 0
    /// What another writer changed or removed at the same moment; looked at again.
    package internal(set) var changedMeanwhile = 0
    /// What did not open, and so stays as it is, each in a sentence.
    package internal(set) var refused: [String] = []
    /// Keys of before, which nothing needs any more.
    package internal(set) var destroyed = 0
    /// What is still under another key than the new one.
    package internal(set) var left = 0
}

/// After each commit of a rotation. A test stops one here, as a kill would; an operator sees how far it is.
package enum RotationStep: Sendable, Equatable {
    /// From here on everything new is sealed or wrapped under the new key.
    case keyChanged
    /// So many were moved until now.
    case moved(Int)
    case organization(OrganizationID)
    case destroyed
}

/// Called between the transactions of a rotation, never inside one. What it throws ends the rotation there.
package typealias RotationObserver = @Sendable (RotationStep) async throws -> Void
