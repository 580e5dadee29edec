/// The document as text, in the usual form: parsing it gives the same document.
package func printDocument(_ document: Document) -> String {
    var printer = Printer()
    for (index, definition) in document.definitions.enumerated() {
        if index > 0 { printer.text += "\n" }
        printer.print(definition)
        printer.text += "\n"
    }
    return printer.text
}

/// A value as a document writes it.
package func printValue(_ value: Value) -> String {
    var printer = Printer()
    printer.print(value)
    return printer.text
}

/// Writes nodes one after another; `Printer+….swift` hold the two languages.
struct Printer {
    var text = ""
    private var indentation = ""

    mutating func newLine() {
        text += "\n"
        text += indentation
    }

    mutating func indented(_ body: (inout Printer) -> Void) {
        let outer = indentation
        indentation += "  "
        body(&self)
        indentation = outer
    }

    /// `{`, each item on a line of its own, `}`; nothing where there are no items.
    mutating func block<Item>(_ items: [Item], _ print: (inout Printer, Item) -> Void) {
        guard !items.isEmpty else { return }
        text += " {"
        indented { printer in
            for item in items {
                printer.newLine()
                print(&printer, item)
            }
        }
        newLine()
        text += "}"
    }

    mutating func list<Item>(
        _ items: [Item], open: String = "", separator: String = ", ", close: String = "",
        _ print: (inout Printer, Item) -> Void
    ) {
        text += open
        for (index, item) in items.enumerated() {
            if index > 0 { text += separator }
            print(&self, item)
        }
        text += close
    }

    mutating func print(_ definition: Definition) {
        switch definition {
        case .operation(let definition): print(definition)
        case .fragment(let definition): print(definition)
        case .schema(let definition): print(definition)
        case .type(let definition): print(definition)
        case .directive(let definition): print(definition)
        }
    }

    // MARK: What both languages have

    mutating func print(_ value: Value) {
        switch value.kind {
        case .variable(let name): text += "$\(name)"
        case .int(let digits), .float(let digits): text += digits
        case .string(let string, let block): print(string: string, block: block)
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .enumeration(let name): text += name
        case .list(let items): list(items, open: "[", close: "]") { $0.print($1) }
        case .object(let fields):
            list(fields, open: "{", close: "}") { printer, field in
                printer.text += "\(field.name): "
                printer.print(field.value)
            }
        }
    }

    mutating func print(arguments: [Argument]) {
        guard !arguments.isEmpty else { return }
        list(arguments, open: "(", close: ")") { printer, argument in
            printer.text += "\(argument.name): "
            printer.print(argument.value)
        }
    }

    /// Each with a space before it.
    mutating func print(directives: [Directive]) {
        for directive in directives {
            text += " @\(directive.name)"
            print(arguments: directive.arguments)
        }
    }

    mutating func print(description: String?) {
        guard let description else { return }
        print(string: description, block: true)
        newLine()
    }

    // MARK: Strings

    mutating func print(string: String, block: Bool) {
        if block, let lines = BlockStringLayout(string) {
            text += "\"\"\""
            if lines.beginsOnNewLine { newLine() }
            for (index, line) in lines.lines.enumerated() {
                if index > 0 {
                    // An empty line stays empty: indentation there would say nothing.
                    if line.isEmpty { text += "\n" } else { newLine() }
                }
                text += line
            }
            if lines.endsOnNewLine { newLine() }
            text += "\"\"\""
        } else {
            print(quoted: string)
        }
    }

    private mutating func print(quoted string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}": text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// How to write a text as a block string, so that reading it gives the text again.
private struct BlockStringLayout {
    let lines: [String]
    let beginsOnNewLine: Bool
    let endsOnNewLine: Bool

    /// `nil` where no block string means this text: blank lines at an end, a carriage return.
    init?(_ text: String) {
        let escaped = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .map { $0.replacingTripleQuotes() }
        let beginsWithBlank = text.unicodeScalars.first == " " || text.unicodeScalars.first == "\t"
        let indentsAllOtherLines =
            escaped.count > 1
            && escaped.dropFirst().allSatisfy { $0.isEmpty || $0.utf8.first == 0x20 || $0.utf8.first == 0x09 }
        let isLong = escaped.count > 1 || text.utf8.count > 70
        let needsLineAfter = text.utf8.last == UInt8(ascii: "\"") || text.utf8.last == UInt8(ascii: "\\")
        lines = escaped
        // A first line that begins with a blank keeps it only behind the quotation marks, since indentation is not
        // taken from that line; where all others are indented it must stand among them, to keep theirs.
        beginsOnNewLine = indentsAllOtherLines || (!beginsWithBlank && (isLong || needsLineAfter))
        endsOnNewLine = isLong || needsLineAfter || indentsAllOtherLines
        let raw = (beginsOnNewLine ? "\n" : "") + lines.joined(separator: "\n") + (endsOnNewLine ? "\n" : "")
        guard blockStringValue(Array(raw.utf8)[...]).elementsEqual(text.utf8) else { return nil }
    }
}

extension String {
    fileprivate func replacingTripleQuotes() -> String {
        guard utf8.contains(UInt8(ascii: "\"")) else { return self }
        var result = ""
        var run = 0
        for scalar in unicodeScalars {
            run = scalar == "\"" ? run + 1 : 0
            result.unicodeScalars.append(scalar)
            if run == 3 {
                result.unicodeScalars.removeLast(3)
                result += "\\\"\"\""
                run = 0
            }
        }
        return result
    }
}
