/// “ Did you mean …?” with up to three names that are near, or nothing.
func didYouMean(_ name: String, _ names: some Sequence<String>) -> String {
    let word = Array(name.utf8.prefix(65))
    guard word.count <= 64 else { return "" }
    let limit = word.count * 2 / 5 + 1
    let near = names.map { (name: $0, distance: editDistance(word, Array($0.utf8), limit: limit)) }
        .filter { $0.distance <= limit }
        .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        .prefix(3).map { "“\($0.name)”" }
    guard let last = near.last else { return "" }
    let others = near.dropLast().joined(separator: ", ")
    return " Did you mean \(others.isEmpty ? "" : others + " or ")\(last)?"
}

/// The number of bytes to insert, remove or replace; a difference in case alone counts as one.
private func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
    guard abs(left.count - right.count) <= limit else { return limit + 1 }
    func lowercase(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
    let (left, right) = (left.map(lowercase), right.map(lowercase))
    if left == right { return 1 }
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for (column, other) in right.enumerated() {
            current.append(
                min(previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[right.count]
}
