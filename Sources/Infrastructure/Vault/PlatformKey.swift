package import FoundationEssentials

/// A key of the platform, bound to one purpose, in locked memory.
package final class PlatformKey: Sendable {
    package let id: UUID
    package let purpose: String
    private let key: Secret

    init(id: UUID, purpose: String, key: consuming Secret) {
        self.id = id
        self.purpose = purpose
        self.key = key
    }

    /// Lends the 32 bytes for the duration of `body`, which must not let the pointer out.
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try key.withBytes(body)
    }

    func withAddress<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe key.withAddress(body)
    }

    func hash(_ message: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe BLAKE2b.hash(message, count: KeyedHash.count, key: key)
    }
}
