import Subprocess

extension Place.Finished {
    /// Whether the program refused with an exit status and one sentence that has these words in it. Beside the sentence
    /// there may be what the command line's own help adds to a wrong flag.
    func isRefused(naming words: String...) -> Bool {
        guard case .exited(let code) = status, code != 0 else { return false }
        let sentences = errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        guard let sentence = sentences.first, sentences.count == 1 else { return false }
        let others = errors.split(separator: "\n").filter { line in
            !["Error: ", "Usage: ", "Help: ", "  See "].contains { line.hasPrefix($0) }
        }
        return others.isEmpty && (sentence.hasSuffix(".") || hasHelp) && words.allSatisfy { sentence.contains($0) }
    }

    private var hasHelp: Bool { errors.contains("Usage: ") }
}
