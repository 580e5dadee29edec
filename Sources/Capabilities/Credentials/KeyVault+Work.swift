import Dispatch
import Vault

extension KeyVault {
    /// Runs work with the vault where it harms nobody: when the root key is held by another process, on a thread that
    /// may wait, else at once.
    func attempt<R: Sendable>(
        _ body: @escaping @Sendable (KeyVault) throws(VaultError) -> R
    ) async -> Result<R, VaultError> {
        guard mayBlock else { return Self.result(of: body, self) }
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.result(of: body, self)) }
        }
    }

    /// The same, for work whose failure ends what it is part of.
    func work<R: Sendable>(
        _ body: @escaping @Sendable (KeyVault) throws(VaultError) -> R
    ) async throws -> R {
        try await attempt(body).get()
    }

    private static func result<R>(
        of body: (KeyVault) throws(VaultError) -> R, _ vault: KeyVault
    ) -> Result<R, VaultError> {
        do { return .success(try body(vault)) } catch { return .failure(error) }
    }
}
