import Foundation
import Subprocess
import Testing
import Vault

extension EndToEnd {
    @Suite("The root key of a kept demo", .serialized)
    struct RootKeyTests {
        @Test func `must be the one that everything was sealed under, whole, and for its owner's eyes only`()
            async throws
        {
            try await withPlace { place in
                try await withDemo(in: place) { try await $0.stop() }
                let right = try #require(FileManager.default.contents(atPath: place.rootKey))

                let other = try RootKey.load(path: place.root + "/other.key", create: true).id
                let wrong = try #require(FileManager.default.contents(atPath: place.root + "/other.key"))
                try replace(place.rootKey, wrong)
                let expected = try #require(Self.id(right))
                try await expectRefusal(in: place, naming: expected, "\(other)")

                try replace(place.rootKey, right.dropLast(7))
                try await expectRefusal(in: place, naming: place.rootKey, "is damaged")

                try replace(place.rootKey, right, mode: 0o644)
                try await expectRefusal(in: place, naming: place.rootKey, "chmod 600")

                try FileManager.default.removeItem(atPath: place.rootKey)
                try await expectRefusal(in: place, naming: "There is no root key at \(place.rootKey)")
                #expect(!exists(place.rootKey))

                // Nothing of all that has done harm.
                try replace(place.rootKey, right)
                try await withDemo(in: place) { demo in
                    #expect(try demo.clinics.count == 3)
                    try await demo.stop()
                }
            }
        }

        private func expectRefusal(in place: Place, naming words: String...) async throws {
            let before = FileManager.default.contents(atPath: place.rootKey)
            let demo = try await place.run(.switchboard, ["demo", "--state-dir", place.state])
            for word in words { #expect(demo.isRefused(naming: word), "\(demo)") }
            #expect(FileManager.default.contents(atPath: place.rootKey) == before)
            #expect(!exists(place.demoFile))
            try await place.becomesQuiet()
        }

        private func replace(_ file: String, _ content: Data, mode: Int = 0o600) throws {
            try content.write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        }

        /// From the second line, `id …`.
        private static func id(_ file: Data) -> String? {
            String(decoding: file, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("id ") }
                .map { String($0.dropFirst(3)) }
        }
    }
}
