import GraphQL
import OrderedCollections
import QueryEngine

/// Answers as bytes. PostgreSQL puts white space between the parts of JSON, which means nothing; it alone is taken out
/// before two answers are compared. Order, spelling of numbers, and escapes stay as they are.
enum AnswerText {
    /// Without the white space outside of strings.
    static func compact(_ bytes: [UInt8]) -> [UInt8] {
        var compact: [UInt8] = []
        compact.reserveCapacity(bytes.count)
        var isString = false
        var isEscaped = false
        bytes.withUnsafeBufferPointer { bytes in
            for byte in unsafe bytes {
                if isString {
                    compact.append(byte)
                    if isEscaped {
                        isEscaped = false
                    } else if byte == 0x5C {
                        isEscaped = true
                    } else if byte == 0x22 {
                        isString = false
                    }
                } else if byte != 0x20, byte != 0x0A {
                    compact.append(byte)
                    isString = byte == 0x22
                }
            }
        }
        return compact
    }

    /// As the interpreter's answer is spelled. Nothing is escaped but what RFC 8259 demands.
    static func write(_ value: JSONValue, to text: inout String) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += "\(value)"
        case .number(let digits): text += digits
        case .string(let string): write(string, to: &text)
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                write(item, to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                write(member.key, to: &text)
                text += ":"
                write(member.value, to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            text += string
        } else {
            for scalar in string.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                case "\r": text += "\\r"
                case "\t": text += "\\t"
                case "\u{8}": text += "\\b"
                case "\u{c}": text += "\\f"
                case _ where scalar.value < 0x20:
                    text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }

    /// A part of an answer that Swift made, not PostgreSQL, may escape U+2028 and U+2029; both spellings mean the same.
    static func unified(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
            .replacingOccurrences("\\u2028", "\u{2028}").replacingOccurrences("\\u2029", "\u{2029}")
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
        contains(old) ? split(separator: old, omittingEmptySubsequences: false).joined(separator: new) : self
    }
}
