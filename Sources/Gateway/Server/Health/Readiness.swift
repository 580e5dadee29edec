/// One thing that must be so before requests are sent here.
package struct ReadinessCheck: Sendable {
    /// What `/readyz` calls it: `database`, `listening`, `migrations`.
    package let name: String
    /// `nil` when it is so; otherwise one sentence for an operator, without secrets and without tenants.
    package let problem: @Sendable () async -> String?

    package init(_ name: String, problem: @escaping @Sendable () async -> String?) {
        self.name = name
        self.problem = problem
    }
}

/// Asks all checks at once, each for a bounded time.
struct Readiness: Sendable {
    let checks: [ReadinessCheck]
    let timeout: Duration

    /// By name, in the order of the checks; `nil` is good.
    func outcomes() async -> [(name: String, problem: String?)] {
        let timeout = timeout
        let problems = await withTaskGroup(of: (Int, String?).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await Self.problem(of: check, within: timeout)) }
            }
            var problems: [Int: String] = [:]
            for await (index, problem) in group { problems[index] = problem }
            return problems
        }
        return checks.enumerated().map { ($0.element.name, problems[$0.offset]) }
    }

    private static func problem(of check: ReadinessCheck, within timeout: Duration) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask { await check.problem() }
            group.addTask {
                do {
                    try await Task.sleep(for: timeout)
                } catch {
                    return nil
                }
                return "No answer within \(Int(timeout / .seconds(1))) s."
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
