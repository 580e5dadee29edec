/// `/_files/{name}`: a file as a customer's own server has it, to send with a message. It says of itself what the address
/// asks for: `size` (bytes), `type`, `status`, `to`, where it redirects, and `milliseconds`, how long that takes.
enum CustomerFile {
    private static let largest = 32 << 20

    static func answer(_ request: SandboxRequest, of carrier: Carrier) async -> SandboxAnswer {
        let answer = answer(request)
        carrier.withState { state in
            state.requests.append(
                ReceivedRequest(
                    at: state.clock.now, method: request.method, path: request.path, query: request.query,
                    form: request.form, status: answer.status, wasAccepted: true, rule: nil))
        }
        if let pause = request.query["milliseconds"].flatMap({ Int($0) }) {
            // Cut short when the one who asked is gone, as is all that answers them.
            try? await Task.sleep(for: .milliseconds(min(max(pause, 0), 60_000)))
        }
        return answer
    }

    private static func answer(_ request: SandboxRequest) -> SandboxAnswer {
        if let target = request.query["to"] {
            var answer = SandboxAnswer(status: 302, contentType: nil, body: [])
            answer.headers = [("Location", target)]
            return answer
        }
        let status = request.query["status"].flatMap { Int($0) } ?? 200
        guard status == 200 else { return .json(status, ["error": "as was asked for"]) }
        var answer = SandboxAnswer(
            status: 200, contentType: request.query["type"] ?? MediaRecord.contentType(of: request.path), body: [])
        let size = request.query["size"].flatMap { Int($0) }.map { min(max($0, 0), largest) }
        if request.method == "HEAD" {
            answer.headers = [("Content-Length", String(size ?? MediaRecord.pixel.count))]
        } else {
            answer.body = size.map { [UInt8](repeating: 0, count: $0) } ?? MediaRecord.pixel
        }
        return answer
    }
}
