/// What is known of a minor release of PostgreSQL: whether it has holes that row-level security falls through, and whether
/// releases with other security fixes came after it.
///
/// A binary knows no more than the day it was written. So each verdict says as of when, and where to look for newer ones.
package struct ServerRelease: Sendable, Hashable {
    package let major: Int
    package let minor: Int

    /// - Parameter number: `server_version_num`, such as 150014 for 15.14.
    package init(number: Int) {
        major = number / 10_000
        minor = number % 10_000
    }

    package enum Verdict: Sendable, Hashable {
        /// Older than the oldest major that Switchboard runs on.
        case tooOld
        /// Rows may be seen past row-level security; names the minor that mends it.
        case rowSecurityHoles(fixedIn: Int)
        /// A later minor release mended other security holes.
        case outdated(newer: Int, releasedOn: String)
        /// As new as what is known, of this day.
        case current(asOf: String)
        /// A major that came after this binary.
        case unknownMajor
    }

    package var verdict: Verdict {
        guard major >= Self.oldestMajor else { return .tooOld }
        guard let known = Self.known[major] else { return .unknownMajor }
        if minor < known.rowSecurityMinor { return .rowSecurityHoles(fixedIn: known.rowSecurityMinor) }
        if minor < known.newestMinor { return .outdated(newer: known.newestMinor, releasedOn: known.releasedOn) }
        return .current(asOf: known.releasedOn)
    }

    /// Where newer ones are told of.
    package static let announcements = "https://www.postgresql.org/support/security/"
    package static let oldestMajor = 13

    private struct Known {
        /// The first without CVE-2025-8713, CVE-2024-10976, CVE-2023-39418 and CVE-2023-2455, which all let rows be seen
        /// past row-level security (releases of 14 August 2025).
        let rowSecurityMinor: Int
        /// The newest security release that was known when this was written, and its day.
        let newestMinor: Int
        let releasedOn: String
    }

    /// From PostgreSQL's announcements of 14 August 2025, 13 November 2025 (the last of 13) and 14 May 2026; 15.20 from
    /// Debian's changelog of postgresql-15.
    private static let known: [Int: Known] = [
        13: Known(rowSecurityMinor: 22, newestMinor: 23, releasedOn: "2025-11-13"),
        14: Known(rowSecurityMinor: 19, newestMinor: 23, releasedOn: "2026-05-14"),
        15: Known(rowSecurityMinor: 14, newestMinor: 20, releasedOn: "2026-11-13"),
        16: Known(rowSecurityMinor: 10, newestMinor: 14, releasedOn: "2026-05-14"),
        17: Known(rowSecurityMinor: 6, newestMinor: 10, releasedOn: "2026-05-14"),
        18: Known(rowSecurityMinor: 0, newestMinor: 4, releasedOn: "2026-05-14"),
    ]
}
