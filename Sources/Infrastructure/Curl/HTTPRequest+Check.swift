extension HTTPRequest {
    /// Refuses what could change the meaning of the request on the wire: line breaks in headers, user information in
    /// the URL (libcurl would take it for credentials), a colon in the user name.
    func check() throws(TransportError) {
        func refuse(_ why: String) -> TransportError {
            TransportError(kind: .invalidRequest, delivery: .notSent, detail: why)
        }
        var url = self.url
        if let fault = url.withUTF8({ unsafe Self.fault(ofURL: $0) }) { throw refuse(fault) }
        if let fault = headers.fault { throw refuse(fault) }
        if let basicAuthentication {
            guard basicAuthentication.username.allBytes({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x3A }) else {
                throw refuse("the user name holds a colon or a control character")
            }
        }
        guard responseSizeLimit > 0 else { throw refuse("the response size limit must be positive") }
        guard method.takesBody || body == nil else { throw refuse("\(method.rawValue) takes no body") }
    }

    private static func fault(ofURL url: UnsafeBufferPointer<UInt8>) -> String? {
        let colon = unsafe url.firstIndex(of: UInt8(ascii: ":")) ?? 0
        let scheme = unsafe url[..<colon]
        // `| 0x20` makes a letter small, and nothing but a letter into one of these.
        guard unsafe colon == 4 || (colon == 5 && url[4] | 0x20 == UInt8(ascii: "s")),
            unsafe zip(scheme, "http".utf8).allSatisfy({ $0 | 0x20 == $1 }),
            unsafe url[colon...].starts(with: "://".utf8)
        else {
            return "the URL must begin with http:// or https://"
        }
        guard unsafe url.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "the URL must be percent-encoded ASCII" }
        let authority = unsafe url[(colon + 3)...].prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard unsafe !authority.isEmpty,
            unsafe !authority.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "\\") })
        else {
            return "the URL must name a host, and no user"
        }
        return nil
    }
}

extension HTTPHeaders {
    static func fault(of fields: [Field]) -> String? {
        for field in fields {
            guard !field.name.isEmpty, field.name.allBytes(isTokenByte) else {
                return "a header's name is not a token (RFC 9110, 5.6.2)"
            }
            guard field.value.allBytes({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
                return "the value of header \(field.name) holds a control character"
            }
        }
        return nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPRequest.Method {
    var takesBody: Bool {
        switch self {
        case .post, .put, .patch, .delete: true
        case .get, .head: false
        }
    }
}

extension String {
    /// Over the bytes as they lie in memory, where they do: several times as fast as over the view.
    fileprivate func allBytes(_ holds: (UInt8) -> Bool) -> Bool {
        unsafe utf8.withContiguousStorageIfAvailable { unsafe $0.allSatisfy(holds) } ?? utf8.allSatisfy(holds)
    }
}
