/// The shell program that owns the server processes, in a session of its own and as the cluster's user.
///
/// What must stay true:
/// - Its standard input is a pipe whose only writer is the process that started it. The end of that pipe, however it
///   comes about (`stop()`, an exit, kill -9), is the one signal to shut down. `PR_SET_PDEATHSIG` would not do: it
///   follows the thread that forked, not the process.
/// - Descriptor 9 is a lock that every server process inherits, so it is free exactly when none of them is left. A
///   start waits for it, and only then touches files that an earlier server may have used.
/// - A new cluster is made beside its place and renamed into it, so a kill in the middle leaves no half-made one.
enum SupervisorScript {
    /// Arguments, in order; none is a secret, for anybody may read a process's arguments.
    struct Arguments: Sendable {
        var folder: String
        var binaries: String
        var socketFolder: String
        var isEphemeral: Bool
        /// Data that were made for another mark are put aside. Empty: whatever is there is taken.
        var mark: String
        var startsEmpty: Bool
        var administrator: String
        var settings: String
        var accessRules: String
        var userMap: String

        var list: [String] {
            [
                folder, binaries, socketFolder, isEphemeral ? "ephemeral" : "kept", mark, startsEmpty ? "empty" : "",
                administrator, settings, accessRules, userMap,
            ]
        }
    }

    /// Exit statuses of the script itself; any other is the server's.
    static let lockIsHeld: Int32 = 75
    static let initializationFailed: Int32 = 76

    static let text = #"""
        folder=$1 binaries=$2 sockets=$3 lifetime=$4 mark=$5 empty=$6 administrator=$7
        settings=$8 rules=$9 users=${10}
        # Only the end of the pipe ends us.
        trap '' HUP INT TERM PIPE
        umask 077
        log=$folder/postgres.log
        [ ! -f "$log" ] || mv -f "$log" "$log.previous"
        exec 3<&0 </dev/null 2>>"$log" 9>>"$folder/lock"

        # An earlier parent may have been killed a moment ago: its server is ending, or was left behind.
        if ! flock -w 2 9; then
            "$binaries/pg_ctl" stop -D "$folder/data" -m fast -s -t 20 >&2 9>&-
            flock -w 15 9 || exit 75
        fi
        # Our own parent may have been killed while we waited. (Where others' processes are hidden, none can be asked for.)
        if [ -d /proc/1 ] && [ ! -d "/proc/$PPID" ]; then
            [ "$lifetime" = kept ] || rm -rf "$folder"
            exit 0
        fi

        [ -z "$empty" ] || rm -rf "$folder/data"
        if [ -n "$mark" ] && [ "$(cat "$folder/mark" 2>/dev/null)" != "$mark" ]; then
            rm -rf "$folder/data.aside"
            [ ! -d "$folder/data" ] || mv "$folder/data" "$folder/data.aside"
            printf '%s' "$mark" >"$folder/mark"
        fi
        if [ ! -d "$folder/data" ]; then
            rm -rf "$folder/data.new"
            "$binaries/initdb" -D "$folder/data.new" -U "$administrator" -E UTF8 --locale=C.UTF-8 \
                --auth-local=peer --auth-host=reject --no-sync --no-instructions >&2 || exit 76
            mv "$folder/data.new" "$folder/data" || exit 76
        fi
        rm -f "$folder/data/postmaster.pid" "$folder/again"
        printf '%s' "$settings" >"$folder/postgresql.conf"
        printf '%s' "$rules" >"$folder/pg_hba.conf"
        printf '%s' "$users" >"$folder/pg_ident.conf"

        watch() {
            exec >&- 9>&-
            while read -r order <&3; do
                [ "$order" = restart ] && : >"$folder/again" && kill -INT "$server"
            done
            # More than once, because a server that has only just been started ignores it still. A fast shutdown
            # that takes too long becomes an immediate one, after which the next start recovers.
            signal=INT rounds=0
            [ "$lifetime" = kept ] || signal=QUIT
            while kill -$signal "$server" 2>/dev/null; do
                sleep 0.1
                rounds=$((rounds + 1))
                [ $rounds -lt 300 ] || signal=QUIT
            done
        }

        while :; do
            "$binaries/postgres" -D "$folder/data" -c config_file="$folder/postgresql.conf" >&2 3<&- &
            server=$!
            watch &
            watcher=$!
            echo "$server"
            wait "$server"
            status=$?
            kill -KILL "$watcher"
            [ -e "$folder/again" ] || break
            rm -f "$folder/again"
        done
        [ "$lifetime" = kept ] || rm -rf "$folder"
        exit $status
        """#
}
