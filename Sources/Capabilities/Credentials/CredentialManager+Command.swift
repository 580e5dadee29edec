package import Foundation
package import Postgres
import QueryEngine

extension CredentialManager {
    /// A lease for a command, or what to tell its caller. One of before a rotation is not good enough here, so the
    /// cache is not asked.
    func lease(
        _ request: CommandRequest, _ credential: UUID, purpose: LeasePurpose
    ) async throws -> Result<TwilioLease, CredentialRefusal> {
        do {
            return .success(
                try await open(
                    request.organization, credential: credential, purpose: purpose, for: .caller(request.caller)))
        } catch LeaseError.damaged {
            return .failure(CredentialRefusal(errors: [CredentialRefusal.damaged]))
        } catch LeaseError.noCredential {
            let known = try await isKnown(credential, of: request.organization)
            return .failure(
                CredentialRefusal(errors: [known ? CredentialRefusal.revoked : CredentialRefusal.notFound]))
        }
    }

    /// For an administrator: everything that Twilio says of one credential, each problem with its remedy; nothing is kept of it but the audit of
    /// its lease. Throws ``LeaseError`` when there is none that is not revoked.
    package func checkUp(_ organization: OrganizationID, credential: UUID) async throws -> [CredentialCheck] {
        let lease = try await open(organization, credential: credential, purpose: .verify, for: .commandLine)
        return await CredentialProbe(factory: factory).checkUp(lease.accountSID, lease.secrets).checks
    }
}
