import Foundation

/// The calls that the client offers, read off its sources: Swift tells a program nothing about its own functions.
enum ClientCalls {
    private static var folder: String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources/Carrier/Twilio/Resources"
    }

    struct CannotList: Error {}

    static func inSources() throws -> Set<String> {
        guard let files = FileManager.default.enumerator(atPath: folder) else { throw CannotList() }
        var found: Set<String> = []
        for case let file as String in files where file.hasSuffix(".swift") {
            found.formUnion(calls(in: try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)))
        }
        return found
    }

    /// `Type.name(label:_:)` of each function that asks Twilio: one that is `async`, or gives a list to walk through.
    static func calls(in source: String) -> Set<String> {
        var found: Set<String> = []
        var type = ""
        var lines = source.components(separatedBy: "\n")[...]
        while let line = lines.popFirst() {
            if let name = line.firstMatch(of: /^(?:package struct|extension) ([A-Za-z0-9.]+)/)?.output.1 {
                type = String(name)
            }
            guard let start = line.firstMatch(of: #/^ {4}package func /#)?.range.upperBound else { continue }
            var declaration = String(line[start...])
            while !declaration.contains("{"), let more = lines.popFirst() { declaration += " " + more }
            guard declaration.contains(" async ") || declaration.contains("ResourceList<") else { continue }
            if let name = name(of: declaration) { found.insert("\(type).\(name)") }
        }
        return found
    }

    /// `create(_:in:)` of `create(_ thing: Thing = .init(a: 1), in room: Room) async …`.
    private static func name(of declaration: String) -> String? {
        guard let open = declaration.firstIndex(of: "(") else { return nil }
        var depth = 0
        var parameters = [""]
        scan: for character in declaration[open...] {
            switch character {
            case "(", "[": depth += 1
            case ")", "]":
                depth -= 1
                if depth == 0 { break scan }
            case "," where depth == 1:
                parameters.append("")
                continue
            default: break
            }
            if depth >= 1 { parameters[parameters.count - 1].append(character) }
        }
        let labels = parameters.map { $0.drop { $0 == "(" || $0 == " " }.prefix { $0 != " " && $0 != ":" } }
        return declaration[..<open] + "(" + labels.filter { !$0.isEmpty }.map { "\($0):" }.joined() + ")"
    }
}
