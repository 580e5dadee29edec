import Curl
import TestServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReachTests {
    private static func v4(_ text: String) -> [UInt8] { text.split(separator: ".").compactMap { UInt8($0) } }

    /// Eight groups of four digits.
    private static func v6(_ text: String) -> [UInt8] {
        text.split(separator: ":").compactMap { UInt16($0, radix: 16) }.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }

    @Test(arguments: [
        ("0.0.0.0", false), ("9.255.255.255", true), ("10.0.0.0", false), ("10.255.255.255", false),
        ("11.0.0.0", true), ("100.63.255.255", true), ("100.64.0.0", false), ("100.127.255.255", false),
        ("100.128.0.0", true), ("126.255.255.255", true), ("127.0.0.1", false), ("127.255.255.255", false),
        ("128.0.0.1", true), ("169.253.255.255", true), ("169.254.169.254", false), ("169.255.0.0", true),
        ("172.15.255.255", true), ("172.16.0.0", false), ("172.31.255.255", false), ("172.32.0.0", true),
        ("192.0.0.8", false), ("192.0.1.0", true), ("192.0.2.1", false), ("192.88.99.1", false),
        ("192.167.255.255", true), ("192.168.0.1", false), ("192.169.0.0", true), ("198.17.255.255", true),
        ("198.18.0.0", false), ("198.19.255.255", false), ("198.20.0.0", true), ("198.51.100.7", false),
        ("203.0.113.7", false), ("223.255.255.255", true), ("224.0.0.1", false), ("240.0.0.1", false),
        ("255.255.255.255", false), ("1.1.1", false),
    ])
    func `IPv4 addresses are public or not`(text: String, isPublic: Bool) {
        #expect(PublicAddress.isPublic(v4: Self.v4(text)) == isPublic)
    }

    @Test(arguments: [
        ("0:0:0:0:0:0:0:0", false), ("0:0:0:0:0:0:0:1", false), ("0:0:0:0:0:ffff:0a00:0001", false),
        ("0:0:0:0:0:ffff:0808:0808", false), ("64:ff9b:0:0:0:0:0808:0808", false), ("100:0:0:0:0:0:0:1", false),
        ("2001:0:0:0:0:0:0:1", false), ("2001:1ff:0:0:0:0:0:1", false), ("2001:200:0:0:0:0:0:1", true),
        ("2001:db8:0:0:0:0:0:1", false), ("2001:db9:0:0:0:0:0:1", true), ("2002:0a00:0001:0:0:0:0:1", false),
        ("2606:4700:4700:0:0:0:0:1111", true), ("3fff:0fff:0:0:0:0:0:1", false), ("3fff:1000:0:0:0:0:0:1", true),
        ("4000:0:0:0:0:0:0:1", false), ("fc00:0:0:0:0:0:0:1", false), ("fd12:0:0:0:0:0:0:1", false),
        ("fe80:0:0:0:0:0:0:1", false), ("ff02:0:0:0:0:0:0:1", false), ("1:2", false),
    ])
    func `IPv6 addresses are public or not`(text: String, isPublic: Bool) {
        #expect(PublicAddress.isPublic(v6: Self.v6(text)) == isPublic)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
    func `what may reach the public internet only opens no connection to this machine`(host: String) async throws {
        try await withServer(HTTPTests.echo) { transport, server in
            var request = HTTPRequest(.get, "http://\(host):\(server.port)/", reusePool: "one")
            request.reach = .publicOnly
            let refusal = await failure(of: request, transport)
            #expect(refusal?.kind == .addressNotPublic)
            #expect(refusal?.delivery == .notSent)
            #expect(server.connectionCount == 0)
            // The control: the same request, let anywhere, is answered.
            request.reach = .anywhere
            let answer = try await transport.send(request)
            #expect(answer.status == 200)
            #expect(server.connectionCount == 1)
            // A connection that is open already is no way around.
            request.reach = .publicOnly
            #expect(await failure(of: request, transport)?.kind == .addressNotPublic)
            #expect(server.received.count == 1)
        }
    }
}
