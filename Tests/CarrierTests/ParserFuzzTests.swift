import Curl
import Foundation
import FoundationXML
import FuzzInputs
import Testing
import Twilio
import TwilioSandbox

/// The parsers of either side under mutated inputs, by seed: none falls over, and what both read they read alike.
@Suite(.timeLimit(.minutes(2))) struct ParserFuzzTests {
    private static let documents = [
        "<Response><Say voice='alice'>Hello &amp; goodbye</Say><Pause length=\"3\"/></Response>",
        "<?xml version=\"1.0\"?><!-- a --><Response><Gather numDigits='2'><Say>1 &lt; 2</Say></Gather></Response>",
        "<Response><Message><Body>caf\u{e9} &#233;&#x1F44B;</Body><Media>https://m.example/a?b=c&amp;d</Media></Message>"
            + "</Response>",
        "<Response><![CDATA[<Say>]]><Dial><Number url=\"/w\">+14155550123</Number></Dial></Response>",
    ]

    /// The sandbox refuses document types and more than 32 levels, and is more lenient about names of elements.
    @Test func `TwiML that the sandbox and another parser take says the same to both`() {
        var mutation = Mutation(seed: 71)
        var accepted = 0
        var compared = 0
        for round in 0..<6000 {
            let bytes = mutation.mutate(
                Array(Self.documents[round % 4].utf8), other: Array(Self.documents[(round + 1) % 4].utf8), limit: 2000)
            guard let ours = try? TwilioSandbox.XMLParser(bytes).parse() else { continue }
            accepted += 1
            // A byte that is no UTF-8, or a character that XML does not have, is let through as it came.
            guard let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(Self.isXML) else {
                continue
            }
            let reader = OutlineReader()
            let parser = FoundationXML.XMLParser(data: Data(bytes))
            parser.delegate = reader
            // It goes on after some mistakes, and says so by an error alone.
            guard parser.parse(), !reader.sawMistake else { continue }
            compared += 1
            #expect(reader.outline == Self.outline(of: ours), "\(text)")
        }
        #expect(accepted > 500)
        #expect(compared > 400)
    }

    private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
        // An attribute's white space is made blanks by an XML parser; Twilio's documents have none.
        scalar.value >= 0x20 && !(0xFFFE...0xFFFF).contains(scalar.value)
    }

    private static func outline(of element: TwilioSandbox.XMLElement) -> [String] {
        ["<\(element.name)"] + element.attributes.map { "\($0.key)=\($0.value)" }.sorted()
            + element.children.flatMap { outline(of: $0) } + [">"]
    }

    @Test func `TwiML that we write is read by the sandbox as it was meant`() throws {
        var random = SeededGenerator(seed: 72)
        let pieces = ["<", ">", "&", "\"", "'", "]]>", "&amp;", "\t", "é", "😀", "a", " ", "{}"]
        for _ in 0..<1000 {
            let text = (0..<random.number(below: 9)).map { _ in random.element(of: pieces) }.joined()
            let bytes = try TwiML([.say(with(.init(text)) { $0.voice = text })]).rendered()
            let root = try TwilioSandbox.XMLParser(bytes).parse()
            #expect(root.name == "Response" && root.children.map(\.name) == ["Say"])
            #expect(root.children[0].text == text)
            #expect(root.children[0].attributes["voice"] == text)
        }
    }

    /// Ours refuses what two readers could read differently; the sandbox, like Twilio, reads anything.
    @Test func `a form that the client takes is the same to the sandbox`() {
        let forms = [
            "To=%2B14155550123&From=%2B12125550100&Body=Caf%C3%A9+%26+co",
            "MediaUrl=a&MediaUrl=b&Empty=&Body=%F0%9F%91%8B",
        ]
        var mutation = Mutation(seed: 73)
        var accepted = 0
        for round in 0..<6000 {
            let bytes = mutation.mutate(
                Array(forms[round % 2].utf8), other: Array(forms[1 - round % 2].utf8), limit: 500)
            let theirs = TwilioSandbox.Parameters(urlEncoded: bytes)
            guard let ours = try? FormBody(decoding: bytes) else { continue }
            accepted += 1
            let left = ours.fields.map { Array("\($0.name)=\($0.value)".utf8) }.filter { $0 != Array("=".utf8) }
            let right = theirs.pairs.map { Array("\($0.name)=\($0.value)".utf8) }.filter { $0 != Array("=".utf8) }
            #expect(left == right, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(accepted > 500)
    }

    /// Damaged JSON at the doors of the sandbox gets an answer of the 4xx, and the sandbox goes on.
    @Test func `the sandbox outlives damaged JSON`() async throws {
        try await CarrierWorld.run { world in
            let orders = [
                #"{"from":"+14155550123","to":"+12125550100","body":"Hello","numMedia":1}"#,
                #"{"match":{"to":"+14155550123"},"times":1,"do":"latency","milliseconds":1}"#,
                #"{"advance":60,"skew":-300}"#,
            ]
            var mutation = Mutation(seed: 74)
            for round in 0..<600 {
                let body = mutation.mutate(
                    Array(orders[round % 3].utf8), other: Array(orders[(round + 1) % 3].utf8), limit: 500)
                for path in ["/inbound", "/misbehave", "/clock", "/accounts", "/parties"]
                where round % 5 == path.count % 5 {
                    let status = try await world.status(of: body, to: path)
                    #expect(status < 500, "\(String(decoding: body, as: UTF8.self))")
                }
            }
            try await world.control(.delete, "/misbehave")
            #expect(try await world.client.balance().currency == "USD")
        }
    }
}

/// Names and attributes of a document, in order.
private final class OutlineReader: NSObject, XMLParserDelegate {
    var outline: [String] = []
    var sawMistake = false

    func parser(_ parser: FoundationXML.XMLParser, parseErrorOccurred error: any Error) {
        sawMistake = true
    }

    func parser(
        _ parser: FoundationXML.XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        outline += ["<\(name)"] + attributes.map { "\($0.key)=\($0.value)" }.sorted()
    }

    func parser(
        _ parser: FoundationXML.XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        outline.append(">")
    }
}
