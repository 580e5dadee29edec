import Glibc
import Sockets
import Testing

@Suite("The reactor's thread")
struct ReactorThreadTests {
    private static var niceness: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    /// What a thread gets that asks for it.
    private static func allowed() async -> Int32 {
        await BlockingThread.run { () -> Result<Int32, Never> in
            Reactor.goFirst()
            return .success(niceness)
        }.get()
    }

    @Test(.enabled("Where the system allows no other niceness, there is nothing to see") { await allowed() < 0 })
    func `goes first, and those that it starts do not`() async {
        let (own, started) = await withCheckedContinuation { continuation in
            Reactor.shared.submit {
                Reactor.shared.onOwnThread {
                    let own = Self.niceness
                    BlockingThread.start { continuation.resume(returning: (own, Self.niceness)) }
                }
            }
        }
        #expect(own < 0)
        #expect(started == 0)
    }

    @Test func `leaves another niceness as somebody chose it`() async {
        let left = await BlockingThread.run { () -> Result<Int32, Never> in
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 3)
            Reactor.goFirst()
            return .success(Self.niceness)
        }.get()
        #expect(left == 3)
    }
}
