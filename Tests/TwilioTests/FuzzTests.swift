import Curl
import Foundation
import FoundationXML
import Testing
import Twilio

/// Seeded: the same mutations in each run. Form bodies are in `FormBodyTests`.
@Suite struct FuzzTests {
    private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(Array(#"{}[]",:\0-e."#.utf8).randomElement(using: &random) ?? 0, at: place)
            case 3: bytes = Array(bytes[..<place])
            default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
            }
        }
        return bytes
    }

    private static func read<Resource: Decodable & Sendable>(
        _ bytes: [UInt8], as type: Resource.Type
    ) -> CreationOutcome<Resource> {
        CreationOutcome(HTTPResponse(status: 201, headers: [:], body: bytes))
    }

    /// A success that was damaged on the way is read or leaves doubt, and never anything else: it must not look like a
    /// refusal, after which it would be sent again.
    @Test(arguments: ["api-2010/Message", "api-2010/Call", "verify-v2/Service", "numbers-v1-porting/PortingPortIn"])
    func `damaged answers are read or leave doubt`(resource: String) throws {
        let answers = try JSONDecoder().decode(
            [String: RecordedAnswer].self, from: RecordedAnswers.data(resource + ".json"))
        let bodies = answers.sorted { $0.key < $1.key }.filter { $0.value.status < 300 }.map {
            Array($0.value.body.text.utf8)
        }
        var random = SplitMix(seed: 60)
        var accepted = 0
        var doubted = 0
        for _ in 0..<1500 {
            let body = try #require(bodies.randomElement(using: &random))
            let bytes = Self.mutated(body, &random)
            let isAccepted: Bool
            switch resource {
            case "api-2010/Message": isAccepted = try Self.isAccepted(Self.read(bytes, as: Message.self))
            case "api-2010/Call": isAccepted = try Self.isAccepted(Self.read(bytes, as: Call.self))
            case "verify-v2/Service": isAccepted = try Self.isAccepted(Self.read(bytes, as: VerifyService.self))
            default: isAccepted = try Self.isAccepted(Self.read(bytes, as: PortIn.self))
            }
            if isAccepted { accepted += 1 } else { doubted += 1 }
        }
        #expect(accepted > 10)
        #expect(doubted > 100)
    }

    private static func isAccepted<Resource>(_ outcome: CreationOutcome<Resource>) throws -> Bool {
        switch outcome {
        case .accepted: return true
        case .inDoubt(.unusableAnswer): return false
        default:
            Issue.record("neither read nor doubted: \(outcome)")
            return false
        }
    }

    @Test func `damaged error bodies are refusals all the same`() {
        var random = SplitMix(seed: 61)
        for _ in 0..<2000 {
            let bytes = Self.mutated(Array(Fixture.error(21211, 400).utf8), &random)
            let outcome = CreationOutcome<Message>(HTTPResponse(status: 400, headers: [:], body: bytes))
            guard case .refused(let error) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(error.status == 400)
            #expect(error.remedy.hasSuffix("."))
        }
    }

    /// One change after the host: no code fits any more. (In the host's own part a change of the port alone may fit, as
    /// Twilio signs with and without it.)
    @Test func `no changed URL, form, code or setting is let in`() throws {
        var random = SplitMix(seed: 62)
        let keys = WebhookSignature.Keys(
            authTokens: [try Fixture.secret("12345")], sharedKeys: ["k": try Fixture.secret("12345")])
        let url = WebhookSignatureTests.company
        let tail = Array(url.utf8).count - "/myapp.php?foo=1&bar=2".utf8.count
        let printable = Array(UInt8(0x21)...0x7E)
        for _ in 0..<3000 {
            var changedURL = Array(url.utf8)
            var form = WebhookSignatureTests.call
            var signature = Array("RSOYDt4T1cUTdK1PDd93/VVr8B8=".utf8)
            var settings: String?
            switch Int.random(in: 0...3, using: &random) {
            case 0:
                let place = Int.random(in: tail..<changedURL.count, using: &random)
                changedURL[place] = try #require(
                    printable.filter { $0 != changedURL[place] }.randomElement(using: &random))
            case 1:
                let body = Self.mutated(Array(form.encoded.utf8), &random)
                guard let other = try? FormBody(decoding: body), other.signedText != form.signedText else { continue }
                form = other
            case 2:
                let place = Int.random(in: 0..<26, using: &random)
                signature[place] = try #require(
                    printable.filter { $0 != signature[place] }.randomElement(using: &random))
            default:
                settings = String(
                    decoding: Self.mutated(Array("key=k,algorithm=HMAC_SHA256".utf8), &random), as: UTF8.self)
            }
            let verdict = WebhookSignature.validate(
                url: String(decoding: changedURL, as: UTF8.self), content: .form(form),
                signature: String(decoding: signature, as: UTF8.self), settings: settings, keys: keys)
            guard case .refused = verdict else {
                Issue.record("let in: \(String(decoding: changedURL, as: UTF8.self)) \(form) \(settings ?? "-")")
                return
            }
        }
    }

    /// Whatever is said, an XML parser of somebody else's reads just that and in just that place.
    @Test func `any text comes out of the document as it went in, or is refused`() throws {
        var random = SplitMix(seed: 63)
        let pieces = [
            "<", ">", "&", "\"", "'", "]]>", "<![CDATA[", "&amp;", "</Say>", "\r\n", "\t", "é", "😀", "a", " ",
        ]
        var written = 0
        for _ in 0..<1500 {
            let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? pieces.randomElement(using: &random) ?? ""
                    : Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &random)).map { String(Character($0)) } ?? ""
            }.joined()
            let twiml = TwiML([.say(with(.init(text)) { $0.voice = text })])
            guard let bytes = try? twiml.rendered() else {
                #expect(text.unicodeScalars.contains { $0.value < 0x20 || (0xFFFE...0xFFFF).contains($0.value) })
                continue
            }
            written += 1
            let reader = SayReader()
            let parser = XMLParser(data: Data(bytes))
            parser.delegate = reader
            #expect(parser.parse())
            #expect(reader.elements == ["Response", "Say"])
            #expect(reader.voice.map { Array($0.utf8) } == Array(text.utf8))
            #expect(Array(reader.text.utf8) == Array(text.utf8))
        }
        #expect(written > 1000)
    }
}

private final class SayReader: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var voice: String?
    var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(name)
        voice = attributes["voice"] ?? voice
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
    }
}

extension FormBody {
    /// What Twilio signs of a form. It has no separators, so forms cut up differently can be the same to it.
    fileprivate var signedText: [UInt8] {
        let pairs: Set<[[UInt8]]> = Set(fields.map { [Array($0.name.utf8), Array($0.value.utf8)] })
        let sorted: [[[UInt8]]] = pairs.sorted { (one: [[UInt8]], other: [[UInt8]]) -> Bool in
            one[0] == other[0]
                ? one[1].lexicographicallyPrecedes(other[1]) : one[0].lexicographicallyPrecedes(other[0])
        }
        return sorted.flatMap { (pair: [[UInt8]]) -> [UInt8] in pair[0] + pair[1] }
    }
}
