import Vault

extension KeyedDecodingContainer {
    /// A secret that Twilio tells once. It has passed ordinary memory by then: the answer's bytes and the decoder's text.
    func secret(_ key: Key) throws -> SharedSecret {
        let text = try decode(String.self, forKey: key)
        do {
            return SharedSecret(try Secret(text))
        } catch {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "no room for a secret")
        }
    }
}
