/// Where a cluster came to be.
package struct ClusterLocation: Sendable, Hashable {
    /// The cluster's own folder, mode 0700, with the data in `data` and the server's log in `postgres.log`.
    package let folder: String
    /// The folder of the unix socket, mode 0700.
    package let socketFolder: String
    /// Why part of it is not in the state directory, as a sentence for the log; nil when all of it is.
    package let remark: String?
    /// What ties the data to the state directory when they are outside of it: data that were made on behalf of an
    /// earlier directory at the same path are put aside. Empty when the folder is inside.
    let mark: String

    package var log: String { "\(folder)/postgres.log" }
    var data: String { "\(folder)/data" }
}
