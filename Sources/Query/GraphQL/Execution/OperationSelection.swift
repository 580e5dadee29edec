/// `GetOperation` of the specification, section 6.1: the operation to run.
///
/// - Parameter name: `nil` where the request names none; then the document must have exactly one.
package func selectOperation(
    named name: String?, in document: Document
) throws(GraphQLError) -> OperationDefinition {
    let operations = document.operations
    if let name {
        guard let operation = operations.first(where: { $0.name == name }) else {
            throw GraphQLError(
                "The document has no operation of the name that “operationName” gives.",
                code: .operationResolutionFailed)
        }
        return operation
    }
    guard let operation = operations.first else {
        throw GraphQLError("The document has no operation.", code: .operationResolutionFailed)
    }
    guard operations.count == 1 else {
        throw GraphQLError(
            "The document has \(operations.count) operations; “operationName” must say which one to run.",
            code: .operationResolutionFailed)
    }
    return operation
}
