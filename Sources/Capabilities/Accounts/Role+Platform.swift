package import QueryEngine

extension Role {
    /// Whether it is a role of the platform, which belongs to no organization.
    package var isOfPlatform: Bool {
        switch self {
        case .platformAdmin, .platformAuditor: true
        case .owner, .admin, .agent, .viewer, .user, .anonymous: false
        }
    }
}

/// Within an organization: an owner may give what an admin has, and not the other way round. The platform's roles stand
/// beside them: an admin of the platform makes what an auditor has.
extension Role: Comparable {
    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .anonymous: 0
        case .user: 1
        case .viewer, .platformAuditor: 2
        case .agent: 3
        case .admin, .platformAdmin: 4
        case .owner: 5
        }
    }
}
