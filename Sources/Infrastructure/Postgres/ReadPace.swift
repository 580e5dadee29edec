package import Sockets

/// How long reads of one kind have taken of late, whoever asked for them.
///
/// Those that are quick share connections (`PoolStateMachine`); others have one for themselves, so that nobody waits
/// behind them.
@Turn package final class ReadPace {
    /// As many of them must have been quick, one after another.
    private static let enough = 8

    private var quickReads = 0

    package nonisolated init() {}

    package var isQuick: Bool { quickReads >= Self.enough }

    func wasQuick() {
        if quickReads < Self.enough { quickReads += 1 }
    }

    func isSlow() {
        quickReads = 0
    }
}
