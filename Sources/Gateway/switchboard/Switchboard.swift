import ArgumentParser

/// The one binary.
@main
struct Switchboard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchboard",
        abstract: "A multi-tenant gateway: organizations bring their own Twilio accounts, front ends query in GraphQL.",
        subcommands: [
            DemoCommand.self, ServeCommand.self, MigrateCommand.self, SandboxCommand.self, OrganizationCommand.self,
            KeyCommand.self, VaultCommand.self, AuditCommand.self, SchemaCommand.self,
        ])
}
