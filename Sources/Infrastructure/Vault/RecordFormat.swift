import FoundationEssentials

/// How sealed records are laid out. Version 1:
///
///     wrapped key   = 1 ‖ box of the key                                       (105 bytes)
///     sealed secret = 1 ‖ data key's id (16) ‖ box of the data key (104) ‖ box of the secret
///
/// A box is described at ``CommittingCipher``, what is authenticated with it at ``AssociatedData``.
enum RecordFormat {
    static let version: UInt8 = 1

    /// The rest of `record` behind its version.
    static func body(_ record: [UInt8]) throws(VaultError) -> ArraySlice<UInt8> {
        guard let found = record.first else { throw .malformedRecord }
        guard found == version else { throw .unsupportedFormat(found) }
        return record.dropFirst()
    }
}

/// The parts of a sealed secret's bytes.
struct SealedParts {
    var dataKeyID: UUID
    /// Under the organization key.
    var dataKeyBox: [UInt8]
    /// Under the data key.
    var secretBox: [UInt8]

    private static let dataKeyIDCount = 16
    private static let dataKeyBoxCount = CommittingCipher.overhead + CommittingCipher.keyCount

    init(dataKeyID: UUID, dataKeyBox: [UInt8], secretBox: [UInt8]) {
        self.dataKeyID = dataKeyID
        self.dataKeyBox = dataKeyBox
        self.secretBox = secretBox
    }

    init(_ record: [UInt8]) throws(VaultError) {
        let body = try RecordFormat.body(record)
        let afterID = body.dropFirst(Self.dataKeyIDCount)
        let secretBox = [UInt8](afterID.dropFirst(Self.dataKeyBoxCount))
        guard secretBox.count > CommittingCipher.overhead else { throw .malformedRecord }
        dataKeyID = UUID(octets: body.prefix(Self.dataKeyIDCount))
        dataKeyBox = [UInt8](afterID.prefix(Self.dataKeyBoxCount))
        self.secretBox = secretBox
    }

    var record: [UInt8] { [RecordFormat.version] + dataKeyID.octets + dataKeyBox + secretBox }
}
