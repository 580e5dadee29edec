/// Files of this checkout that tests read: migrations, schemas, golden files.
package enum RepositoryFile {
    /// The absolute path of a file that is named from the root of the repository.
    ///
    /// Found from where this source file was compiled, so it does not depend on the directory tests are run in.
    package static func path(_ relative: String, from source: String = #filePath) -> String {
        let root = source.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/\(relative)"
    }
}
