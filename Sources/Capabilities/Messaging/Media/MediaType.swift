/// What may be kept of what comes with messages: types that Twilio takes for MMS and that harm nobody who opens them.
/// https://www.twilio.com/docs/messaging/guides/accepted-mime-types
package enum MediaType {
    /// Bytes of the largest file, as Twilio has it.
    package static let largest = 5_242_880

    /// The type as it is kept, without parameters, in lower case; `nil` for one that is not.
    package static func known(_ declared: String) -> String? {
        let type = String(declared.prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
        return starts[type] == nil && !texts.contains(type) ? nil : type
    }

    /// Whether the bytes can be a file of a known type: a picture that is none, a script that says it is one, is not.
    package static func fits(_ bytes: [UInt8], _ type: String) -> Bool {
        if texts.contains(type) { return !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil }
        return starts[type]?.contains { start in
            bytes.count >= start.offset + start.bytes.count
                && bytes[start.offset..<(start.offset + start.bytes.count)].elementsEqual(start.bytes)
        } ?? false
    }

    private static let texts: Set<String> = ["text/plain", "text/vcard", "text/x-vcard", "text/calendar"]

    private struct Start {
        let bytes: [UInt8]
        var offset = 0

        init(_ bytes: [UInt8], at offset: Int = 0) {
            self.bytes = bytes
            self.offset = offset
        }

        init(_ text: String, at offset: Int = 0) { self.init(Array(text.utf8), at: offset) }
    }

    /// What files of a type begin with.
    private static let starts: [String: [Start]] = [
        "image/jpeg": [Start([0xFF, 0xD8, 0xFF])], "image/jpg": [Start([0xFF, 0xD8, 0xFF])],
        "image/png": [Start([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])],
        "image/gif": [Start("GIF87a"), Start("GIF89a")], "image/webp": [Start("WEBP", at: 8)],
        "image/heic": [Start("ftyp", at: 4)], "image/heif": [Start("ftyp", at: 4)], "image/bmp": [Start("BM")],
        "image/tiff": [Start([0x49, 0x49, 0x2A, 0x00]), Start([0x4D, 0x4D, 0x00, 0x2A])],
        "video/mp4": [Start("ftyp", at: 4)], "video/3gpp": [Start("ftyp", at: 4)],
        "video/quicktime": [Start("ftyp", at: 4), Start("moov", at: 4), Start("mdat", at: 4)],
        "audio/mp4": [Start("ftyp", at: 4)], "audio/3gpp": [Start("ftyp", at: 4)],
        "audio/mpeg": [Start("ID3"), Start([0xFF, 0xFB]), Start([0xFF, 0xF3]), Start([0xFF, 0xF2])],
        "audio/amr": [Start("#!AMR")], "audio/ogg": [Start("OggS")], "audio/wav": [Start("WAVE", at: 8)],
        "audio/x-wav": [Start("WAVE", at: 8)], "application/pdf": [Start("%PDF-")],
    ]
}
