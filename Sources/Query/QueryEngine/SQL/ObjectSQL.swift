/// An object of the response as SQL: a record whose columns are the response keys, or, where PostgreSQL would cut a key, a
/// ready `json` expression.
enum ObjectSQL {
    /// The list of a SELECT: `expression AS "key", …`.
    case record(String)
    case json(String)

    /// PostgreSQL cuts names at this length.
    static let longestName = 63
    /// A function takes 100 arguments, two for each key.
    private static let mostBuildPairs = 50

    init(_ pairs: [(key: String, expression: String)]) {
        if pairs.isEmpty {
            self = .json("'{}'::json")
        } else if pairs.allSatisfy({ $0.key.utf8.count <= Self.longestName }) {
            self = .record(pairs.map { "\($0.expression) AS \(SQLWriter.label($0.key))" }.joined(separator: ", "))
        } else if pairs.count <= Self.mostBuildPairs {
            let arguments = pairs.map { "\(SQLWriter.text($0.key)), \($0.expression)" }.joined(separator: ", ")
            self = .json("json_build_object(\(arguments))")
        } else {
            // In a sub-select a bare literal, such as a type's name, has become a text, which `to_json` demands.
            let rows = pairs.map {
                "(\(SQLWriter.text($0.key)), (SELECT to_json(l.v) FROM (SELECT \($0.expression) AS v) l))"
            }.joined(separator: ", ")
            self = .json("(SELECT json_object_agg(v.k, v.j) FROM (VALUES \(rows)) v (k, j))")
        }
    }

    // The record is called `r$`: a response key cannot hold a dollar, so no column can take the name's meaning away.

    /// One object, made of the row that `source` (a FROM clause and what follows) gives; null without a row.
    func single(from source: String) -> String {
        switch self {
        case .record(let list): "(SELECT row_to_json(r$) FROM (SELECT \(list) FROM \(source)) r$)"
        case .json(let expression): "(SELECT \(expression) FROM \(source))"
        }
    }

    /// One object, made of what is in scope.
    var inPlace: String {
        switch self {
        case .record(let list): "(SELECT row_to_json(r$) FROM (SELECT \(list)) r$)"
        case .json(let expression): expression
        }
    }

    /// A statement that answers an object for each row, in the order of `source`.
    func rows(from source: String) -> String {
        switch self {
        case .record(let list): "SELECT row_to_json(r$) FROM (SELECT \(list) FROM \(source)) r$"
        case .json(let expression): "SELECT \(expression) FROM \(source)"
        }
    }

    /// A list of objects, in the order of `source`.
    func list(from source: String) -> String {
        switch self {
        case .record(let list):
            "(SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT \(list) FROM \(source)) r$)"
        case .json(let expression):
            "(SELECT coalesce(json_agg(r$.o), '[]'::json) FROM (SELECT \(expression) AS o FROM \(source)) r$)"
        }
    }
}
