package import Logging
package import Postgres
import ServiceLifecycle

/// Claims jobs and runs their handlers, as a service.
///
/// It looks for work when a notification says so, when the next job is due, and at least once a second. On graceful
/// shutdown it claims no more, gives what runs its time, then cancels it and gives the jobs back; the database has to
/// stay until it has returned. When its task is cancelled instead, or the process dies, the leases run out.
///
/// A handler is cancelled as soon as its lease is lost, and its job is not given to anyone before its lease has run
/// out. So a handler that ends when it is cancelled never runs beside another for the same job.
package final class Worker: Service {
    package struct Configuration: Sendable {
        /// How long a job stays taken by a process that died. Extended every quarter of it.
        package var lease: Duration
        /// How often to look for work, due jobs and lost leases when nothing rings.
        package var poll: Duration
        /// How long running jobs may go on after graceful shutdown began.
        package var drain: Duration

        package init(
            lease: Duration = .seconds(30), poll: Duration = .seconds(1), drain: Duration = .seconds(20)
        ) {
            self.lease = lease
            self.poll = poll
            self.drain = drain
        }
    }

    let queue: WorkQueue
    let configuration: Configuration
    let logger: Logger
    let running = RunningJobs()
    private let lanes: [JobKind: Lane]
    private let listener: NotificationListener
    private let stopping = Bell()

    /// - Parameter handlers: one for each kind that this process runs.
    package init(
        queue: WorkQueue, listener: NotificationListener, handlers: [JobHandler],
        configuration: Configuration = Configuration(), logger: Logger
    ) {
        self.queue = queue
        self.listener = listener
        self.configuration = configuration
        self.logger = logger
        lanes = Dictionary(uniqueKeysWithValues: handlers.map { ($0.kind, Lane($0)) })
    }

    package func run() async {
        await withGracefulShutdownHandler {
            await withTaskGroup { supporting in
                supporting.addTask { await self.listen() }
                supporting.addTask { await self.keepLeases() }
                supporting.addTask { await self.running.endOverdue(lease: self.configuration.lease) }
                supporting.addTask { await self.reclaimLost() }
                supporting.addTask { await self.limitDrain() }
                await self.runLanes()
                supporting.cancelAll()
            }
        } onGracefulShutdown: {
            for lane in self.lanes.values { lane.stop() }
            self.stopping.ring()
        }
    }

    private func runLanes() async {
        await withDiscardingTaskGroup { group in
            for lane in lanes.values { group.addTask { await self.run(lane) } }
        }
    }

    // MARK: Beside the lanes

    /// Rings the lane of each kind that is announced; and all of them when notifications may have been missed.
    private func listen() async {
        for await event in listener.subscribe(to: WorkQueue.channel) {
            switch event {
            case .notification(_, let kind): lanes[JobKind(rawValue: kind)]?.bell.ring()
            case .listening: for lane in lanes.values { lane.bell.ring() }
            case .lost: break
            }
        }
    }

    private func keepLeases() async {
        while (try? await Task.sleep(for: configuration.lease / 4)) != nil {
            let watches = running.all
            // Taken before asking, so that we never think a lease longer than the database does.
            let validUntil = ContinuousClock.now + configuration.lease
            do {
                let result = try await queue.extend(watches.map(\.job), lease: configuration.lease)
                for watch in watches where result.extended.contains(watch.job) { watch.extend(until: validUntil) }
                for watch in watches where result.lost.contains(watch.job) { watch.end(.lost) }
            } catch {
                // The watches end by themselves when this goes on for the length of a lease.
                log("leases could not be extended", error)
            }
        }
    }

    private func reclaimLost() async {
        while (try? await Task.sleep(for: configuration.poll)) != nil {
            do {
                for kind in try await queue.reclaimLost() { lanes[kind]?.bell.ring() }
            } catch {
                log("lost jobs could not be looked for", error)
            }
        }
    }

    /// After graceful shutdown began, ends what still runs when its time is over.
    private func limitDrain() async {
        while !lanes.values.allSatisfy(\.isStopping) {
            await stopping.wait(atMost: .seconds(3600))
            if Task.isCancelled { return }
        }
        guard (try? await Task.sleep(for: configuration.drain)) != nil else { return }
        for watch in running.all { watch.end(.stopped) }
    }

    /// Only what kind of error it is: its text is a handler's, and may quote what it worked on.
    func log(_ message: Logger.Message, _ error: any Error, job: ClaimedJob? = nil) {
        guard !Task.isCancelled else { return }
        var metadata: Logger.Metadata = ["error": "\(type(of: error))"]
        if let error = error as? PostgresError { metadata["detail"] = "\(error.logDetail)" }
        if let job {
            metadata["kind"] = "\(job.kind.rawValue)"
            metadata["organization"] = "\(job.organization)"
            metadata["subject"] = "\(job.subject)"
            metadata["attempt"] = "\(job.attempt)"
        }
        logger.warning(message, metadata: metadata)
    }
}
