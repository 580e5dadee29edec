import FoundationEssentials
import Glibc
import GraphQL
import Subprocess
import Testing

extension EndToEnd {
    @Suite("The tour", .serialized)
    struct TourTests {
        @Test func `passes twice in a row, and what it did is there after Ctrl-C and a new start`() async throws {
            try await withPlace { place in
                let (file, messages) = try await withDemo(in: place) { demo in
                    for _ in 1...2 {
                        let tour = try await place.run(.tour, ["--state-dir", place.state])
                        #expect(tour.status == .exited(0), "\(tour.output.suffix(2_000)) \(tour.errors)")
                        #expect(tour.output.contains("All 8 steps hold"))
                    }
                    let messages = try await Self.messages(demo)
                    #expect((messages["messages"]?["totalCount"]?.intValue ?? 0) >= 4)
                    try await demo.stop(SIGINT)
                    #expect(!exists(place.demoFile))
                    return (demo.file, messages)
                }
                try await withDemo(in: place) { demo in
                    #expect(demo.file["organizations"] == file["organizations"])
                    #expect(demo.file["platform"] == file["platform"])
                    #expect(try await Self.messages(demo) == messages)
                    // The carrier began anew and the database did not: no SID may come twice.
                    let tour = try await place.run(.tour, ["--state-dir", place.state])
                    #expect(tour.status == .exited(0), "\(tour.output.suffix(2_000)) \(tour.errors)")
                    try await demo.stop(SIGTERM)
                    #expect(!exists(place.demoFile))
                }
            }
        }

        @Test func `stops at its first step when a token in demo.json is wrong`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    let right = try demo.clinics[0].authToken
                    let text = String(decoding: demo.file.bytes, as: UTF8.self)
                    let wrong = text.replacing(right, with: String(repeating: "0", count: right.count))
                    try FileManager.default.createDirectory(
                        atPath: place.root + "/wrong", withIntermediateDirectories: false)
                    try Data(wrong.utf8).write(to: URL(filePath: place.root + "/wrong/demo.json"))
                    let tour = try await place.run(.tour, ["--state-dir", place.root + "/wrong"])
                    #expect(tour.status == .exited(1))
                    #expect(tour.output.contains("The tour stops here: this is not so."))
                    #expect(tour.output.contains("\n1. ") && !tour.output.contains("\n2. "))
                }
            }
        }

        @Test func `says what to do when there is no demo`() async throws {
            try await withPlace { place in
                let tour = try await place.run(.tour, ["--state-dir", place.state])
                #expect(tour.status == .exited(1))
                #expect((tour.output + tour.errors).contains("no demo is running there. Start one with `make demo`"))
            }
        }

        private static func messages(_ demo: Demo) async throws -> JSONValue {
            try await Caller.with { caller in
                try await MainJob(demo: demo, clinic: try demo.clinics[0], caller: caller).messages()
            }
        }
    }
}
