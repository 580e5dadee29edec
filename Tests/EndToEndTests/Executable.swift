import FoundationEssentials

/// The programs under test, as they were built beside this test bundle.
enum Executable: String {
    case switchboard, tour, fuzz

    struct NotBuilt: Error, CustomStringConvertible {
        let description: String
    }

    /// The directory of the test runner is the one that the whole build went to.
    var path: String {
        get throws {
            let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let folder = runner.split(separator: "/").dropLast().joined(separator: "/")
            let path = "/\(folder)/\(rawValue)"
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw NotBuilt(description: "There is no \(path); build the whole package, as `make test` does.")
            }
            return path
        }
    }
}
