import ArgumentParser

/// The one binary.
@main
struct Switchboard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchboard",
        abstract: "A multi-tenant gateway: organizations bring their own Twilio accounts, front ends query in GraphQL.",
        subcommands: [
            DemoCommand.self, ServeCommand.self, MigrateCommand.self, SandboxCommand.self, OrganizationCommand.self,
            UserCommand.self, KeyCommand.self, IssuerCommand.self, VaultCommand.self, AuditCommand.self,
            DoctorCommand.self, SchemaCommand.self,
        ])
}
