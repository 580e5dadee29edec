import Postgres
import Testing

/// What is said of the server's minor release.
struct ServerReleaseTests {
    @Test(arguments: [
        (120_022, ServerRelease.Verdict.tooOld),
        (130_021, .rowSecurityHoles(fixedIn: 22)),
        (130_023, .current(asOf: "2025-11-13")),
        (150_013, .rowSecurityHoles(fixedIn: 14)),
        (150_014, .outdated(newer: 20, releasedOn: "2026-11-13")),
        (150_020, .current(asOf: "2026-11-13")),
        (150_021, .current(asOf: "2026-11-13")),
        (170_005, .rowSecurityHoles(fixedIn: 6)),
        (170_006, .outdated(newer: 10, releasedOn: "2026-05-14")),
        (180_000, .outdated(newer: 4, releasedOn: "2026-05-14")),
        (190_000, .unknownMajor),
    ])
    func `a release is judged by what was known, and since when`(number: Int, verdict: ServerRelease.Verdict) {
        #expect(ServerRelease(number: number).verdict == verdict)
    }
}
