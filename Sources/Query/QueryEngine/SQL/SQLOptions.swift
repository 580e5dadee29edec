/// How SQL is written.
package struct SQLOptions: Sendable, Hashable {
    /// `org_id = $1` on every table of the tenants' scope. Only a test that shows what the row-level policies hold by
    /// themselves leaves it out.
    package var writesTenantPredicate = true

    package init() {}
}
