import Curl
import Foundation
import GraphQL

/// The carrier as a person with a phone, and as somebody who looks into the carrier's books.
struct Carrier: Sendable {
    let base: String
    let control: String
    let transport: HTTPTransport

    /// A person texts one of the account's numbers. Answers the status that the webhook was answered with.
    func text(from: String, to: String, body: String) async throws -> Int {
        let answer = try await post("/inbound", ["from": .string(from), "to": .string(to), "body": .string(body)])
        guard let status = answer["webhook"]?["status"]?.intValue ?? answer["status"]?.intValue else {
            throw Failure("The carrier did not say how the webhook was answered: \(answer.compact)")
        }
        return Int(status)
    }

    /// How many times the carrier was asked to create a message to this number.
    func creates(to number: String) async throws -> Int {
        let to = number.replacing("+", with: "%2B")
        let response = try await transport.send(
            HTTPRequest(.get, control + "/requests?method=POST&path=/Messages.json&to=\(to)"))
        guard let count = try JSONValue(parsing: response.body)["count"]?.intValue else {
            throw Failure("The carrier did not say what it received.")
        }
        return Int(count)
    }

    /// Where the account's number sends its messages, as its owner sees it at Twilio.
    func smsURL(of number: String, account: DemoFile.Organization) async throws -> String {
        let token = Array(account.authToken.utf8)
        let response = try await transport.send(
            HTTPRequest(
                .get,
                "\(base)/2010-04-01/Accounts/\(account.accountSid)/IncomingPhoneNumbers.json?PhoneNumber="
                    + number.replacing("+", with: "%2B"),
                basicAuthentication: BasicAuthentication(username: account.accountSid) { body in
                    token.withUnsafeBytes(body)
                }))
        let first = try JSONValue(parsing: response.body)["incoming_phone_numbers"]?.arrayValue?.first
        guard let url = first?["sms_url"]?.stringValue, !url.isEmpty else {
            throw Failure("The number \(number) points nowhere at the carrier.")
        }
        return url
    }

    /// Somebody who is not Twilio posts a message to a webhook. Answers the status.
    func forge(_ url: String, account: String, from: String, to: String) async throws -> Int {
        let form =
            "AccountSid=\(account)&MessageSid=SM00000000000000000000000000000001&Body=Forged&NumMedia=0&NumSegments=1"
            + "&From=\(from.replacing("+", with: "%2B"))&To=\(to.replacing("+", with: "%2B"))"
        let response = try await transport.send(
            HTTPRequest(
                .post, url,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                ],
                body: Array(form.utf8)))
        return response.status
    }

    private func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        var bytes: [UInt8] = []
        body.write(to: &bytes)
        let response = try await transport.send(
            HTTPRequest(.post, control + path, headers: ["Content-Type": "application/json"], body: bytes))
        guard (200..<300).contains(response.status) else {
            throw Failure("The carrier's control API answered \(path) with status \(response.status).")
        }
        return try JSONValue(parsing: response.body)
    }
}
