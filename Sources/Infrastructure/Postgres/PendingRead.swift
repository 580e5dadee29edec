/// A read on its way, whose answer comes to a closure.
package struct PendingRead: Sendable {
    let pool: ConnectionPool
    let errand: Errand

    /// Has the server stop. The closure is called all the same, with `.cancelled` if it was not too late.
    package func cancel() {
        pool.cancelSoon(errand)
    }
}
