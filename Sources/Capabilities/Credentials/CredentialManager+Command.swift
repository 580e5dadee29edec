import Foundation
import Postgres
import QueryEngine

extension CredentialManager {
    /// A lease for a command, or what to tell its caller. One of before a rotation is not good enough here, so the
    /// cache is not asked.
    func lease(
        _ request: CommandRequest, _ credential: UUID, purpose: LeasePurpose
    ) async throws -> Result<TwilioLease, CredentialRefusal> {
        do {
            return .success(try await open(request.organization, credential: credential, purpose: purpose))
        } catch LeaseError.damaged {
            return .failure(CredentialRefusal(errors: [CredentialRefusal.damaged]))
        } catch LeaseError.noCredential {
            let known = try await isKnown(credential, of: request.organization)
            return .failure(
                CredentialRefusal(errors: [known ? CredentialRefusal.revoked : CredentialRefusal.notFound]))
        }
    }
}
