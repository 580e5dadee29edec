package import QueryEngine

extension Role {
    /// Whether it is a role of the platform, which belongs to no organization.
    package var isOfPlatform: Bool {
        switch self {
        case .platformAdmin, .platformAuditor: true
        case .owner, .admin, .agent, .viewer: false
        }
    }
}
