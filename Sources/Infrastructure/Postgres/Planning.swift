/// How PostgreSQL is to plan the statements of a unit of work.
package enum Planning: Sendable {
    /// As it likes. A statement whose values are arrays is planned anew each time, since it takes its own estimate for many
    /// rows and sees that there are few: for one row that costs more than the statement, 0.2 to 1 ms under row-level security.
    case byValues
    /// Once for a connection, whatever the values, and held to indexes, since what is planned while a table is small goes on to
    /// be used. For statements that name their rows by keys, and few of them.
    case once
}
