package import Postgres

/// The files behind links.
package struct MediaFiles: Sendable {
    private let database: Database
    private let links: MediaLinks

    package init(database: Database, links: MediaLinks) {
        self.database = database
        self.links = links
    }

    package struct File: Sendable {
        package let type: String
        package let bytes: [UInt8]
    }

    /// The file that a link names; `nil` for a link that is forged or over, and for a file that is gone.
    package func file(_ token: String) async throws -> File? {
        guard let subject = links.subject(of: token) else { return nil }
        let found = try await database.read(
            subject.organization, MediaQueries.content, [.organization(subject.organization), .uuid(subject.media)])
        guard let row = found.rows.first else { return nil }
        return File(type: try row.requireString("content_type"), bytes: try row.requireBytes("content"))
    }
}
