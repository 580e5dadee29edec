package import Foundation

/// A value for `$n`. PostgreSQL infers the parameter's type from the statement, so write `$1::uuid` where it cannot.
package enum PostgresValue: Sendable, Hashable {
    case null
    /// No U+0000: PostgreSQL cannot store it, and the statement fails with SQLSTATE 22021, as the server's own would.
    case text(String)
    case int(Int64)
    case bool(Bool)
    case uuid(UUID)
    /// `bytea`.
    case bytes([UInt8])
    /// `text[]`, of one dimension.
    case texts([String])
    /// `uuid[]`.
    case uuids([UUID])
    /// `bigint[]`.
    case ints([Int64])
    /// `timestamptz`, rounded to microseconds.
    case timestamp(Date)
}

extension PostgresValue {
    package static func int(_ value: Int) -> Self { .int(Int64(value)) }

    package static func organization(_ value: OrganizationID) -> Self { .uuid(value.uuid) }

    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: Int?) { self = value.map { .int(Int64($0)) } ?? .null }
    package init(_ value: Int64?) { self = value.map { .int($0) } ?? .null }
    package init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
    package init(_ value: UUID?) { self = value.map { .uuid($0) } ?? .null }
    package init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }
    package init(_ value: Date?) { self = value.map { .timestamp($0) } ?? .null }
    package init(_ value: OrganizationID?) { self = value.map { .uuid($0.uuid) } ?? .null }
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
}
