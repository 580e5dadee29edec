/// The `.sql` files of this folder, as the binary carries them. A test compares this list with the folder.
package enum MigrationFiles {
    /// The cluster's roles: run by an administrator, not recorded in a database's history.
    package static let roles: [UInt8] = PackageResources._000_roles_sql

    /// The grants and policies of the migrated database, as `Walls` of the room `Postgres` reads them. A test compares
    /// them with the catalog.
    package static let walls: [UInt8] = PackageResources.walls_txt

    /// File name and bytes, in the order in which they are applied.
    package static let all: [(name: String, bytes: [UInt8])] = [
        ("0001_tenancy.sql", PackageResources._001_tenancy_sql),
        ("0002_accounts.sql", PackageResources._002_accounts_sql),
        ("0003_audit.sql", PackageResources._003_audit_sql),
        ("0004_credentials.sql", PackageResources._004_credentials_sql),
        ("0005_jobs.sql", PackageResources._005_jobs_sql),
        ("0006_changes.sql", PackageResources._006_changes_sql),
        ("0007_usage.sql", PackageResources._007_usage_sql),
        ("0008_contacts.sql", PackageResources._008_contacts_sql),
        ("0009_numbers.sql", PackageResources._009_numbers_sql),
        ("0010_messaging.sql", PackageResources._010_messaging_sql),
        ("0011_sync.sql", PackageResources._011_sync_sql),
        ("0012_prefix_search.sql", PackageResources._012_prefix_search_sql),
        ("0013_usage_instants.sql", PackageResources._013_usage_instants_sql),
        ("0014_change_retention.sql", PackageResources._014_change_retention_sql),
        ("0015_audit_chain.sql", PackageResources._015_audit_chain_sql),
        ("0016_credential_rotation.sql", PackageResources._016_credential_rotation_sql),
        ("0017_users.sql", PackageResources._017_users_sql),
        ("0018_sessions.sql", PackageResources._018_sessions_sql),
        ("0019_key_expiry.sql", PackageResources._019_key_expiry_sql),
        ("0020_issuers.sql", PackageResources._020_issuers_sql),
        ("0021_delivery.sql", PackageResources._021_delivery_sql),
        ("0022_sender_rates.sql", PackageResources._022_sender_rates_sql),
        ("0023_rotation.sql", PackageResources._023_rotation_sql),
        ("0024_bulk.sql", PackageResources._024_bulk_sql),
        ("0025_settings.sql", PackageResources._025_settings_sql),
        ("0026_contact_tags.sql", PackageResources._026_contact_tags_sql),
        ("0027_opt_outs.sql", PackageResources._027_opt_outs_sql),
        ("0028_templates.sql", PackageResources._028_templates_sql),
        ("0029_media.sql", PackageResources._029_media_sql),
        ("0030_guidance.sql", PackageResources._030_guidance_sql),
        ("0031_retention.sql", PackageResources._031_retention_sql),
        ("0032_inbox.sql", PackageResources._032_inbox_sql),
        ("0033_line_types.sql", PackageResources._033_line_types_sql),
        ("0034_further_phones.sql", PackageResources._034_further_phones_sql),
        ("0035_unknown.sql", PackageResources._035_unknown_sql),
        ("0036_outbound_media.sql", PackageResources._036_outbound_media_sql),
        ("0037_verified_recipients.sql", PackageResources._037_verified_recipients_sql),
        ("0038_room_for_updates.sql", PackageResources._038_room_for_updates_sql),
        ("0039_retried_jobs.sql", PackageResources._039_retried_jobs_sql),
        ("0040_lighter_sends.sql", PackageResources._040_lighter_sends_sql),
        ("0041_lighter_attempts.sql", PackageResources._041_lighter_attempts_sql),
        ("0042_message_sids.sql", PackageResources._042_message_sids_sql),
        ("0043_lighter_messages.sql", PackageResources._043_lighter_messages_sql),
    ]
}
