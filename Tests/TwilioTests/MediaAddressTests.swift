import Testing
import Twilio

/// Whose files may go out with a message: those at hosts of the public internet, over HTTPS, and nobody's else.
@Suite struct MediaAddressTests {
    private static let sandbox = "http://127.0.0.1:8100"

    private func problem(_ text: String, _ endpoints: TwilioEndpoints = .twilio) -> MediaAddress.Problem? {
        do throws(MediaAddress.Problem) {
            _ = try endpoints.mediaAddress(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "https://files.example.com/x-ray.png", "HTTPS://Files.Example.COM./a%20b?x=1&y=/..#z", "https://example.com",
        "https://example.com:8443/a", "https://8.8.8.8/a", "https://8.8.8.8:65535/a", "https://[2606:4700::1111]/a",
        "https://[2606:4700::1111]:443/a", "https://xn--bcher-kva.example.com/ol%C3%A9.png", "https://a_b.example.com/",
        "https://example.com/@home", "https://1.example.com/127.0.0.1", "https://localhost.example.com/",
    ])
    func `an address of the public internet is taken`(url: String) throws {
        #expect(try TwilioEndpoints.twilio.mediaAddress(url).url == url)
    }

    @Test(arguments: [
        ("", MediaAddress.Problem.malformed), ("x-ray.png", .malformed), ("/x-ray.png", .malformed),
        ("//files.example.com/a", .malformed), ("https:files.example.com/a", .malformed), ("https://", .malformed),
        ("https:///a", .malformed), ("https://?a", .malformed), ("https://files.example.com/a b", .malformed),
        ("https://files.example.com/ä.png", .malformed), ("https://bücher.example/a", .malformed),
        ("https://files.example.com/\u{0}", .malformed), ("https://files.example.com\\.evil.example/a", .malformed),
        ("https://files.example.com\r\nHost: x/a", .malformed), ("https://files.example.com:/a", .malformed),
        ("https://files.example.com:0/a", .malformed), ("https://files.example.com:65536/a", .malformed),
        ("https://files.example.com:+1/a", .malformed), ("https://files..example.com/a", .malformed),
        ("https://.example.com/a", .malformed), ("https://files.example.com%2fevil/a", .malformed),
        ("http://files.example.com/a", .notHTTPS), ("ftp://files.example.com/a", .notHTTPS),
        ("file:///etc/passwd", .malformed), ("data://text/plain", .notHTTPS),
        ("http://127.0.0.1:8100/a", .notHTTPS),
        ("https://ann@files.example.com/a", .namesUser), ("https://ann:secret@files.example.com/a", .namesUser),
        ("https://files.example.com:443@10.0.0.1/a", .namesUser),
    ])
    func `what is no such address is not`(url: String, why: MediaAddress.Problem) {
        #expect(problem(url) == why)
    }

    @Test(arguments: [
        "https://127.0.0.1/a", "https://127.1.2.3:8443/a", "https://10.0.0.1/a", "https://172.16.0.1/a",
        "https://192.168.1.1/a", "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/a",
        "https://0.0.0.0/a",
        "https://255.255.255.255/a", "https://192.0.2.1/a", "https://[::1]/a", "https://[::]/a", "https://[fe80::1]/a",
        "https://[fd00::1]/a", "https://[::ffff:8.8.8.8]/a", "https://[64:ff9b::10.0.0.1]/a",
        "https://[2002:a00:1::]/a",
        "https://localhost/a", "https://LOCALHOST./a", "https://db/a", "https://db.internal/a",
        "https://printer.local/a",
        "https://x.localhost/a", "https://nas.home.arpa/a",
    ])
    func `what is not of the public internet is refused`(url: String) {
        #expect(problem(url) == .notPublic)
    }

    /// What some resolvers take for an address, and we for none.
    @Test(arguments: [
        "https://2130706433/a", "https://0x7f.0.0.1/a", "https://0x7f000001/a", "https://127.0.0.0x1/a",
        "https://0177.0.0.1/a", "https://127.1/a", "https://1.2.3.4.5/a", "https://[::1/a", "https://[::1%25lo]/a",
        "https://[127.0.0.1]/a", "https://[::1]x/a",
    ])
    func `an address that is spelled otherwise than usual is none`(url: String) {
        #expect([.malformed, .notPublic].contains(problem(url)))
    }

    @Test func `it is bounded`() {
        let most = "https://example.com/" + String(repeating: "a", count: MediaAddress.longest - 20)
        #expect(problem(most) == nil)
        #expect(problem(most + "a") == .tooLong)
    }

    @Test func `the base of a sandbox may keep files, and nothing else that is not public`() throws {
        let endpoints = try TwilioEndpoints(base: Self.sandbox)
        #expect(problem("\(Self.sandbox)/_files/a.png", endpoints) == nil)
        // The control: without that base it is not.
        #expect(problem("\(Self.sandbox)/_files/a.png") == .notHTTPS)
        for url in [
            "http://127.0.0.1:8101/a", "http://127.0.0.1/a", "https://127.0.0.1:8100/a", "http://localhost:8100/a",
            "http://ann@127.0.0.1:8100/a", "http://127.0.0.1:8100@10.0.0.1/a", "http://127.0.0.1:81001/a",
        ] {
            #expect(problem(url, endpoints) != nil, "\(url)")
        }
    }
}
