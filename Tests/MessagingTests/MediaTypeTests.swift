import Messaging
import Testing

@Suite struct MediaTypeTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00]

    @Test(arguments: [
        ("image/png", "image/png"), ("IMAGE/JPEG; name=a.jpg", "image/jpeg"), (" text/vcard ", "text/vcard"),
        ("application/pdf", "application/pdf"),
    ])
    func `types that phones send are kept`(declared: String, type: String) {
        #expect(MediaType.known(declared) == type)
    }

    @Test(arguments: ["text/html", "image/svg+xml", "application/javascript", "application/zip", "", "png"])
    func `types that could run, or that nobody knows, are not`(declared: String) {
        #expect(MediaType.known(declared) == nil)
    }

    @Test func `bytes must be what their type says`() {
        #expect(MediaType.fits(Self.png, "image/png"))
        #expect(!MediaType.fits(Self.png, "image/jpeg"))
        #expect(!MediaType.fits(Array("<html>".utf8), "image/png"))
        #expect(!MediaType.fits([], "image/png"))
        #expect(MediaType.fits(Array("....ftypisom".utf8), "video/mp4"))
        #expect(MediaType.fits(Array("Grüße".utf8), "text/plain"))
        #expect(!MediaType.fits([0xFF, 0xFE], "text/plain"))
        #expect(!MediaType.fits([0x41, 0x00], "text/plain"))
    }
}
