/// How SQL is written.
package struct SQLOptions: Sendable, Hashable {
    /// `org_id = $1` on every table of the tenants' scope. Only a test that shows what the row-level policies hold by
    /// themselves leaves it out.
    package var writesTenantPredicate = true
    /// Whole numbers of fields of type `Int` are narrowed to its 32 bits, and PostgreSQL refuses with 22003 what does not
    /// fit. Without it they come as they are, for `WholeNumbers` to look at.
    var narrowsIntegers = true

    package init() {}
}
