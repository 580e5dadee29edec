import FoundationEssentials

/// Reads what the server said last.
enum ServerLog {
    private static let words = ["PANIC:", "FATAL:", "initdb: error:", "could not"]

    /// The last line that tells of a failure, without its time and process; nil if there is none.
    ///
    /// Such lines are about the server itself. A refused connection (`FATAL: role …`) is one too, so this is asked only
    /// when the server has ended.
    static func lastComplaint(in file: String) -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n").reversed() {
            for word in words {
                if let start = line.firstRange(of: word)?.lowerBound {
                    return String(line[start...].prefix(200))
                }
            }
        }
        return nil
    }
}
