import Foundation

/// The only documents that this server runs, where an operator says so: the `.graphql` files of a directory.
///
/// A client asks for one by the SHA-256 of its text, by its file's name without `.graphql`, or by sending the very
/// text. White space at a file's end, which editors add and build tools leave out, is part of neither.
package struct TrustedDocuments: Sendable {
    /// One file, and what is in it.
    package struct File: Sendable {
        package let path: String
        package let document: [UInt8]
    }

    package let files: [File]
    private var byHash: [DocumentHash: [UInt8]] = [:]
    private var byName: [String: [UInt8]] = [:]
    private var byText: [[UInt8]: [UInt8]] = [:]

    /// Reads every `.graphql` file in a directory and those below it. What is in them is not looked at yet.
    package init(directory: String) throws(TrustedDocumentsError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue,
            let names = FileManager.default.enumerator(atPath: directory)?.compactMap({ $0 as? String })
        else { throw .noDirectory(directory) }
        var files: [File] = []
        var paths: [String: String] = [:]
        for name in names.sorted() where name.hasSuffix(".graphql") {
            let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
            let file = File(path: path, document: Array(data))
            let id = String((name as NSString).lastPathComponent.dropLast(".graphql".count))
            guard Self.isIdentifier(id) else { throw .badName(path) }
            if let other = paths.updateValue(path, forKey: id) { throw .sameName(other, path) }
            files.append(file)
            byName[id] = file.document
        }
        guard !files.isEmpty else { throw .noDocument(directory) }
        self.files = files
        for file in files {
            for text in [file.document, Self.trimmed(file.document)] {
                byHash[DocumentHash(of: text)] = file.document
                byText[text] = file.document
            }
        }
    }

    func document(_ identifier: DocumentIdentifier) -> [UInt8]? {
        switch identifier {
        case .hash(let hash): byHash[hash]
        case .name(let name): byName[name]
        }
    }

    /// The document that this is the very text of.
    func document(text: [UInt8]) -> [UInt8]? {
        byText[text] ?? byText[Self.trimmed(text)]
    }

    private static func trimmed(_ document: [UInt8]) -> [UInt8] {
        var text = document[...]
        while let last = text.last,
            last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") || last == UInt8(ascii: " ")
        {
            text.removeLast()
        }
        return Array(text)
    }

    /// What may stand in an identifier by GraphQL over HTTP, "Document identifier syntax".
    private static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }
}

/// Why a directory of trusted documents does not serve. Each describes itself in one sentence that says what to do.
package enum TrustedDocumentsError: Error, Sendable, Hashable, CustomStringConvertible {
    case noDirectory(String)
    case noDocument(String)
    case unreadable(String)
    case badName(String)
    /// Two files would be asked for by the same name.
    case sameName(String, String)

    package var description: String {
        switch self {
        case .noDirectory(let path):
            "\(path) is no directory that can be read; name one that holds the trusted documents."
        case .noDocument(let path):
            "\(path) holds no .graphql file; put the trusted documents there, or leave the setting out."
        case .unreadable(let path): "\(path) cannot be read; check its permissions."
        case .badName(let path):
            "\(path) cannot be asked for by its name; use letters, digits, \"-\", \".\", \"_\" and \"~\" only."
        case .sameName(let one, let other): "\(one) and \(other) have the same name; rename one of them."
        }
    }
}
