import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `createMediaLink`.
package struct CreateMediaLink: Sendable {
    private let links: MediaLinks
    private let publicURL: @Sendable () -> String

    /// - Parameter publicURL: scheme, host and port of this server, without a slash at the end.
    package init(links: MediaLinks, publicURL: @escaping @Sendable () -> String) {
        self.links = links
        self.publicURL = publicURL
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such file; `media` of a message lists those there are.", field: ["id"])

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "med") }) else {
            return try await request.refuse([Self.notFound])
        }
        return try await request.commit { transaction in
            let found = try await transaction.execute(
                MediaQueries.find, [.organization(request.organization), .uuid(id)])
            guard let row = found.rows.first else { return .refused([Self.notFound]) }
            switch try row.requireString("state") {
            case "STORED": break
            case "LINKED":
                return .refused([
                    UserError(
                        code: "NOT_KEPT",
                        message:
                            "The file went out from where its sender keeps it: `url` says where. No copy is kept here.",
                        field: ["id"])
                ])
            case "PENDING":
                return .refused([
                    UserError(
                        code: "NOT_READY",
                        message: "The file is being fetched; `messageChanged` tells when it is there.",
                        field: ["id"])
                ])
            default:
                return .refused([
                    UserError(
                        code: "NOT_KEPT", message: "The file is not kept. \(row.string("reason") ?? "")", field: ["id"])
                ])
            }
            let expiresAt = Date(
                timeIntervalSince1970: (Date().timeIntervalSince1970 + MediaLinks.lifetime).rounded(.down))
            let token = links.token(
                for: .init(organization: request.organization, media: id), expiresAt: expiresAt)
            return .done([
                "url": .json(.string("\(publicURL())/media/\(token)")),
                "expiresAt": .json(.string(expiresAt.formatted(.iso8601))),
            ])
        }
    }
}
