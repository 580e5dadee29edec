/// Where each of Twilio's products is reached.
package struct TwilioEndpoints: Sendable, Equatable {
    /// One host each: `{product}.twilio.com`, or `{product}.{edge}.{region}.twilio.com`.
    package enum Product: String, Sendable, CaseIterable {
        case api, lookups, verify, messaging, numbers, pricing, accounts, iam
    }

    package enum Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        case base(String)
        case label(String)

        package var description: String {
            switch self {
            case .base(let text):
                "\"\(text)\" is no base URL: expected http:// or https://, a host, perhaps a port, and nothing after it"
            case .label(let text): "\"\(text)\" is no name of a Twilio region or edge, such as \"ie1\" or \"dublin\""
            }
        }
    }

    private enum Place: Sendable, Equatable {
        case twilio(edge: String?, region: String?)
        /// One base URL for all products, as the sandbox has it.
        case base(String)
    }

    private let place: Place

    /// Twilio's own hosts.
    package static let twilio = TwilioEndpoints(place: .twilio(edge: nil, region: nil))

    private init(place: Place) {
        self.place = place
    }

    /// Twilio's hosts in a region, over an edge. An edge alone means `us1`. A region needs its edge: without one,
    /// requests were seen to reach the United States and be refused there.
    package init(edge: String, region: String?) throws(Invalid) {
        for label in [edge, region ?? edge] {
            guard !label.isEmpty, label.utf8.allSatisfy(Self.isLabelByte) else { throw .label(label) }
        }
        self.init(place: .twilio(edge: edge, region: region))
    }

    /// One base URL for every product, without a path: `http://127.0.0.1:8100`.
    package init(base: String) throws(Invalid) {
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        let scheme = trimmed.prefix { $0 != ":" }.lowercased()
        let rest = trimmed.dropFirst(scheme.count)
        let host = rest.dropFirst(3)
        guard scheme == "http" || scheme == "https", rest.hasPrefix("://"), !host.isEmpty,
            host.utf8.allSatisfy({ Self.isLabelByte($0) || ".:[]".utf8.contains($0) })
        else { throw .base(base) }
        self.init(place: .base(trimmed))
    }

    /// Without a slash at its end.
    package func base(of product: Product) -> String {
        switch place {
        case .base(let base): base
        case .twilio(nil, _): "https://\(product.rawValue).twilio.com"
        case .twilio(let edge?, let region): "https://\(product.rawValue).\(edge).\(region ?? "us1").twilio.com"
        }
    }

    /// The one base of all products, when it is not Twilio's: what is trusted with the credential may also keep media.
    var ownBase: String? {
        if case .base(let base) = place { base } else { nil }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
