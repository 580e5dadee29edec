package import GraphQL
package import OrderedCollections

/// Answers a root field from Swift. It gives the whole value by the schema's names; the engine picks the selection from it.
/// An object behind an interface or union says its `__typename`.
package typealias Resolver = @Sendable (ResolverRequest) async throws -> JSONValue

package struct ResolverRequest: Sendable {
    /// Coerced; an argument that was not given and has no default is absent.
    package let arguments: OrderedDictionary<String, JSONValue>
    package let caller: Caller
}
