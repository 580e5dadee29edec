import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Twilio

/// The files that go out with a message, by the addresses at which Twilio fetches them.
enum OutboundMedia {
    /// Twilio's most for one message (error 21623).
    static let most = 10

    /// The addresses of an input's `mediaUrls`, those that can be ones.
    static func parse(
        _ input: OrderedDictionary<String, JSONValue>, _ inspector: MediaInspector, into errors: inout [UserError]
    ) -> [MediaAddress] {
        let given = input["mediaUrls"]?.arrayValue ?? []
        guard given.count <= most else {
            errors.append(
                UserError(
                    code: "TOO_MANY_MEDIA",
                    message: "Expected at most 10 files; these are \(given.count). Send them with several messages.",
                    field: [field]))
            return []
        }
        var addresses: [MediaAddress] = []
        for (index, text) in given.enumerated() {
            do throws(MediaAddress.Problem) {
                addresses.append(try inspector.address(text.stringValue ?? ""))
            } catch {
                errors.append(invalid(error, at: index))
            }
        }
        return addresses
    }

    /// As ``AttemptQueries/toSend`` and ``BulkQueries/lock`` tell them: no address holds a space.
    static func urls(_ row: PostgresRow) -> [String] {
        row.string("media_urls")?.split(separator: " ").map(String.init) ?? []
    }

    /// How many SMS segments a message takes: none with files, which make an MMS of it, text and all.
    static func segments(_ body: String, _ media: [some Any]) -> Int {
        media.isEmpty ? MessageSegments(body).count : 0
    }

    /// Writes down what goes with a message.
    static func attach(_ media: [MediaAddress], to message: UUID, in transaction: Transaction) async throws {
        guard !media.isEmpty else { return }
        _ = try await transaction.execute(
            MediaQueries.attach,
            [PostgresValue(transaction.organization), .uuids([message]), .texts(media.map(\.url))])
    }

    // MARK: What their servers say

    /// What is wrong with files by what is told where they are kept. Thrown out of a transaction by ``require(_:_:)``
    /// while nobody has been asked.
    struct Unasked: Error {}

    /// - Parameter found: what is wrong; `nil` when nobody has been asked yet.
    /// - Throws: ``Unasked`` when they are to be asked; ``Refusal`` when something is wrong.
    static func require(_ media: [MediaAddress], _ found: [UserError]?) throws {
        guard !media.isEmpty else { return }
        guard let found else { throw Unasked() }
        guard found.isEmpty else { throw Refusal(errors: found) }
    }

    /// Makes an attempt; where it has to know of files first, their servers are asked, outside of any transaction, and it is
    /// made again. What is answered by an earlier call with the same key has nobody asked.
    static func informed<R>(
        _ media: [MediaAddress], _ inspector: MediaInspector, _ attempt: (_ found: [UserError]?) async throws -> R
    ) async throws -> R {
        do {
            return try await attempt(nil)
        } catch is Unasked {
            return try await attempt(problems(await inspector.ask(media)))
        }
    }

    /// What Twilio is sure to refuse. Who does not say has the benefit of the doubt: Twilio then tells, on the message.
    static func problems(_ answers: [MediaInspector.Answer]) -> [UserError] {
        var errors: [UserError] = []
        var total = 0
        for (index, answer) in answers.enumerated() {
            switch answer {
            case .silent: break
            case .notPublic: errors.append(invalid(.notPublic, at: index))
            case .told(let size, let type):
                if let size, size > MediaType.largest {
                    errors.append(tooLarge(size, at: index))
                } else {
                    total += size ?? 0
                }
                if let type, !MediaType.mayBeSent(type) { errors.append(notSupported(type, at: index)) }
            }
        }
        if total > MediaType.largest {
            errors.append(
                UserError(
                    code: "MEDIA_TOO_LARGE",
                    message: "Expected at most 5 MB (5,242,880 bytes) for all files of a message; these have \(total). "
                        + "Send them with several messages.",
                    field: [field]))
        }
        return errors
    }

    // MARK: Refusals

    private static let field = "mediaUrls"

    private static func tooLarge(_ size: Int, at index: Int) -> UserError {
        UserError(
            code: "MEDIA_TOO_LARGE",
            message:
                "Expected at most 5 MB (5,242,880 bytes); this file has \(size). Make it smaller, or send a link in the "
                + "text.",
            field: [field, "\(index)"])
    }

    private static func notSupported(_ type: String, at index: Int) -> UserError {
        UserError(
            code: "MEDIA_TYPE_NOT_SUPPORTED",
            message:
                "Its server says that this is \(MediaType.bare(type)), which Twilio does not send. Expected the address of "
                + "a picture, a sound, a video, a vCard, a calendar or a PDF, served with its type; send anything else as a link "
                + "in the text.",
            field: [field, "\(index)"])
    }

    private static func invalid(_ problem: MediaAddress.Problem, at index: Int) -> UserError {
        let message =
            switch problem {
            case .tooLong: "Expected at most 2,048 characters; put the file where its address is shorter."
            case .malformed:
                "Expected an absolute URL with the name of a host, percent-encoded, such as "
                    + "\"https://files.example.com/x-ray.png\"."
            case .notHTTPS: "Expected a URL that begins with https://."
            case .namesUser:
                "Expected a URL without user and password: it is kept with the message and given to Twilio. Make an address "
                    + "that is good for some hours instead."
            case .notPublic:
                "Expected a host of the public internet: Twilio fetches the file, and cannot reach this one. Put it where "
                    + "Twilio can."
            }
        return UserError(code: "INVALID_MEDIA_URL", message: message, field: [field, "\(index)"])
    }
}

extension MediaType {
    /// A type without its parameters, in lower case, and not longer than one is.
    static func bare(_ declared: String) -> String {
        String(declared.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }.prefix(100))
    }

    /// Whether Twilio may take a file of this type. What says nothing of the file is not held against it.
    static func mayBeSent(_ declared: String) -> Bool {
        let type = bare(declared)
        return known(declared) != nil || sendable.contains(type) || type.isEmpty || type.hasSuffix("/octet-stream")
    }

    /// What Twilio takes beside what is kept of what comes in.
    /// https://www.twilio.com/docs/messaging/guides/accepted-mime-types
    private static let sendable: Set<String> = [
        "audio/basic", "audio/l24", "audio/vorbis", "audio/vnd.rn-realaudio", "audio/vnd.wave", "audio/3gpp2",
        "audio/ac3",
        "audio/webm", "audio/amr-nb", "audio/aac", "video/mpeg", "video/mpeg4", "video/webm", "video/3gpp2",
        "video/3gpp-tt", "video/h261", "video/h263", "video/h263-1998", "video/h263-2000", "video/h264", "text/csv",
        "text/rtf", "text/richtext", "text/directory", "application/vcard", "application/vnd.apple.pkpass",
        "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
}
