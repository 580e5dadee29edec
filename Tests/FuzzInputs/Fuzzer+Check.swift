import GraphQL
import OrderedCollections
import Server

/// What must be true of every input and was not true of this one.
package struct Finding: Error, CustomStringConvertible {
    package let input: FuzzInput
    package let message: String

    package var description: String {
        "\(message) Kind: \(input.kind.rawValue), seed \(input.seed), \(input.bytes.count) bytes."
    }
}

extension Fuzzer {
    /// Does with an input all that the server could be brought to do with it.
    ///
    /// - Returns: how far the input came.
    /// - Throws: a `Finding`. A crash, of course, does not return at all.
    package func check(_ input: FuzzInput) throws(Finding) -> String {
        switch input.kind {
        case .document: try checkDocument(input, input.bytes)
        case .schema: try checkSchema(input)
        case .variables: try checkVariables(input)
        case .json: try checkJSON(input)
        case .request: try checkRequest(input)
        }
    }

    // MARK: Documents

    private func checkDocument(_ input: FuzzInput, _ bytes: [UInt8]) throws(Finding) -> String {
        let document: Document
        do throws(GraphQLError) {
            document = try parse(bytes)
        } catch {
            try checkError(error, input, bytes)
            return error.code == .parseFailed ? "does not parse" : "passes a limit"
        }
        try checkPrinting(input, bytes)
        let errors = validate(document, against: schema)
        for error in errors { try checkError(error, input, bytes) }
        if let error = errors.first { return error.code == .validationFailed ? "is not valid" : "passes a limit" }
        return "is valid"
    }

    /// Printing and parsing again gives the same document, and printing that gives the same text.
    private func checkPrinting(_ input: FuzzInput, _ bytes: [UInt8]) throws(Finding) {
        do throws(GraphQLError) {
            let document = try parse(bytes, limits: .trusted, withLocations: false)
            let text = printDocument(document)
            let again = try parse(Array(text.utf8), limits: .trusted, withLocations: false)
            guard document == again else { throw GraphQLError("printing changed it", code: .parseFailed) }
            guard printDocument(again) == text else { throw GraphQLError("printing wavers", code: .parseFailed) }
        } catch {
            throw Finding(input: input, message: "What was printed is not the same document: \(error.message)")
        }
    }

    /// An error says where, within the text, and does not echo the text.
    private func checkError(_ error: GraphQLError, _ input: FuzzInput, _ bytes: [UInt8]) throws(Finding) {
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        for location in error.locations {
            guard (1...lines).contains(location.line), (1...bytes.count + 1).contains(location.column) else {
                throw Finding(input: input, message: "An error is outside of the text: \(location).")
            }
        }
        guard error.locations.count <= bytes.count + 1, !error.message.isEmpty else {
            throw Finding(input: input, message: "An error has more places than the text has.")
        }
        if error.code == .parseFailed, error.locations.isEmpty || error.message.utf8.count > 400 {
            throw Finding(input: input, message: "A syntax error has no place, or says too much.")
        }
    }

    // MARK: Variables

    private func checkVariables(_ input: FuzzInput) throws(Finding) -> String {
        let document: Document
        do throws(GraphQLError) {
            document = try parse(input.bytes)
        } catch {
            throw Finding(input: input, message: "An operation of our own does not parse: \(error.message)")
        }
        // A variable is coerced only in a document that is valid; that it is not used does no harm.
        let errors = validate(document, against: schema).filter { $0.extensions["rule"] != "NoUnusedVariables" }
        guard errors.isEmpty, let operation = document.operations.first else { return "has invalid variables" }
        guard case .object(let members)? = try? JSONValue(parsing: input.json) else {
            return "has no JSON object"
        }
        do throws(GraphQLErrors) {
            _ = try coerceVariables(of: operation, schema: schema, from: members)
            return "is coerced"
        } catch {
            guard
                error.errors.allSatisfy({
                    $0.code == .badUserInput && $0.extensions["variable"] != nil
                        || $0.message.hasSuffix("must be given.")
                })
            else { throw Finding(input: input, message: "A refusal names no variable.") }
            return "is refused"
        }
    }

    // MARK: JSON and requests

    private func checkJSON(_ input: FuzzInput) throws(Finding) -> String {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: input.bytes)
        } catch {
            guard (0...input.bytes.count).contains(error.offset) else {
                throw Finding(input: input, message: "An error is outside of the text: \(error.offset).")
            }
            return "is no JSON"
        }
        guard let again = try? JSONValue(parsing: json.bytes), again == json else {
            throw Finding(input: input, message: "What was written is not the same JSON.")
        }
        return "is JSON"
    }

    /// The input as the body of a POST, and in the parameters of a GET.
    private func checkRequest(_ input: FuzzInput) throws(Finding) -> String {
        try checkParameters(input)
        let operations: Operations
        do throws(Refusal) {
            operations = try OperationReader(batchLimit: 5).operations(body: input.bytes)
        } catch {
            try checkRefusal(error, input)
            return "is no request"
        }
        let requests: [OperationRequest]
        switch operations {
        case .single(let request): requests = [request]
        case .batch(let batch): requests = batch
        }
        guard (1...5).contains(requests.count) else {
            throw Finding(input: input, message: "A batch of \(requests.count) operations was let in.")
        }
        for request in requests {
            if let text = request.text { _ = try checkDocument(input, text) }
        }
        return "is a request"
    }

    private func checkParameters(_ input: FuzzInput) throws(Finding) {
        let reader = OperationReader(batchLimit: 5)
        let digits = Array("0123456789ABCDEF".utf8)
        let escaped = input.bytes.flatMap { [UInt8(ascii: "%"), digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let one = String(decoding: escaped, as: UTF8.self)
        let raw = String(decoding: input.bytes, as: UTF8.self)
        for query in ["query=\(one)", "query=a&variables=\(one)", "query=a&extensions=\(one)", raw, "query=\(raw)"] {
            let request: OperationRequest
            do throws(Refusal) {
                request = try reader.operation(parameters: FormParameters(query: query[...]))
            } catch {
                try checkRefusal(error, input)
                continue
            }
            guard query != "query=\(one)" || request.text == input.bytes else {
                throw Finding(input: input, message: "A document in a URL is read differently.")
            }
        }
    }

    /// A refusal says something, and does not echo what was sent.
    private func checkRefusal(_ refusal: Refusal, _ input: FuzzInput) throws(Finding) {
        guard !refusal.message.isEmpty, refusal.message.utf8.count <= 400,
            [.badRequest, .batchTooLarge].contains(refusal.code)
        else {
            throw Finding(input: input, message: "A request is refused with \(refusal.code.rawValue) or too much text.")
        }
    }

    // MARK: Schemas

    private func checkSchema(_ input: FuzzInput) throws(Finding) -> String {
        do throws(GraphQLError) {
            _ = try parse(input.bytes, limits: .trusted)
        } catch {
            try checkError(error, input, input.bytes)
            return "does not parse"
        }
        try checkPrinting(input, input.bytes)
        let built: Schema
        do throws(SchemaErrors) {
            built = try Schema(sources: [Source(bytes: input.bytes, name: "fuzz")])
        } catch {
            guard !error.errors.isEmpty, !error.description.isEmpty else {
                throw Finding(input: input, message: "A schema was refused without saying why.")
            }
            return "is not valid"
        }
        let text = printSchema(built, bindings: true)
        let again: String
        do throws(SchemaErrors) {
            again = printSchema(try Schema(sources: [Source(text)]), bindings: true)
        } catch {
            throw Finding(input: input, message: "A schema that was printed is refused: \(error)")
        }
        guard again == text else {
            throw Finding(input: input, message: "A schema that was printed reads differently.")
        }
        return "is valid"
    }
}
