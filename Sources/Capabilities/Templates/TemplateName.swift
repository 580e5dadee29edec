import QueryEngine

/// What a template may be called, and what its commands refuse.
enum TemplateName {
    static func error(_ name: String) -> UserError? {
        if (1...100).contains(name.unicodeScalars.count), !name.allSatisfy(\.isWhitespace), !name.utf8.contains(0) {
            return nil
        }
        return UserError(code: "INVALID_NAME", message: "Expected 1 to 100 characters.", field: ["name"])
    }

    static let taken = UserError(
        code: "NAME_TAKEN", message: "A template in use has this name already; take another, or archive that one.",
        field: ["name"])
    static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such template; `templates` lists those there are.", field: ["id"])
}
