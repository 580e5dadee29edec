import Synchronization

/// What every request has, whatever it is for: a name, a place in a trace, a caller's address, a start.
final class RequestFacts: Sendable {
    let requestID: String
    /// From `traceparent`; `nil` where the caller traces nothing.
    let trace: TraceParent?
    let clientAddress: String
    let startedAt: ContinuousClock.Instant

    init(_ request: Request, peer: String, trustedProxies: TrustedProxies) {
        startedAt = .now
        requestID = RequestIdentifier.accept(request.headers[.requestID]) ?? RequestIdentifier.make()
        trace = request.headers[.traceParent].flatMap(TraceParent.init)
        clientAddress = trustedProxies.clientAddress(
            peer: peer, forwardedFor: request.headers[values: .forwardedFor])
    }
}

/// `X-Request-Id`: 1 to 64 letters, digits, `-`, `_` and `.`. Anything else could break a log apart, and is replaced.
enum RequestIdentifier {
    static func accept(_ given: String?) -> String? {
        guard let given, (1...64).contains(given.utf8.count) else { return nil }
        let isPlain = given.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain ? given : nil
    }

    private static let process = UInt64.random(in: .min ... .max)
    private static let number = Atomic(UInt64.random(in: .min ... .max))

    /// 32 hexadecimal digits: 16 of the process, and 16 that no other request of it has. The system is asked for random
    /// ones twice in a process and not twice in each request.
    static func make() -> String {
        // An odd factor gives each number another one, far from those before and after it.
        let number = number.wrappingAdd(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
        let bits = UInt128(process) << 64 | UInt128(number)
        return String(unsafeUninitializedCapacity: 32) { digits in
            for place in 0..<32 {
                let digit = UInt8(truncatingIfNeeded: bits >> (124 - 4 * place)) & 15
                digits[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 32
        }
    }
}

/// W3C Trace Context, `traceparent`: version, trace id, parent id, flags.
struct TraceParent: Sendable, Hashable {
    /// 32 hexadecimal digits, not all zero.
    let traceID: String
    /// 16 hexadecimal digits, not all zero.
    let parentID: String

    /// `nil` unless the header is well-formed (section 3.2.2: otherwise the receiver starts anew).
    init?(_ header: String) {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
            parts[0..<4].allSatisfy({ $0.utf8.allSatisfy(Self.isLowerHexadecimal) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        traceID = String(parts[1])
        parentID = String(parts[2])
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
