import Foundation
import Logging

extension Worker {
    /// While jobs of others are in the way of ours: how soon to look again.
    private static let pauseAmongOthers = Duration.milliseconds(50)

    /// Between two claims that found work: places that become free together are filled by one. Where few jobs come one by one
    /// they go together from here on, and each step of theirs is half a commit; the first after a pause goes at once.
    private static func pauseAmongClaims(after found: Int) -> Duration { .milliseconds(found > 4 ? 5 : 15) }

    /// Claims for one kind until the worker stops, then waits for what it started.
    func run(_ lane: Lane) async {
        // Workers begin at different places of the round.
        var cursor = UUID()
        await withDiscardingTaskGroup { attempts in
            while !lane.isStopping, !Task.isCancelled {
                var pause = configuration.poll
                do {
                    let room = lane.room()
                    if room.jobs > 0 {
                        let validUntil = ContinuousClock.now + configuration.lease
                        let claim = try await queue.claim(
                            lane.handler.kind, limit: room.jobs, lease: configuration.lease, after: cursor,
                            running: lane.running, organizationLimit: room.ofOne)
                        cursor = claim.cursor
                        lane.occupy(claim.jobs, of: room)
                        for job in claim.jobs {
                            let watch = LeaseWatch(job, validUntil: validUntil)
                            running.add(watch)
                            attempts.addTask { await self.attempt(watch, in: lane) }
                        }
                        if claim.jobs.count < room.jobs { pause = pauseUntilDue(claim.nextDue) }
                        if !claim.jobs.isEmpty {
                            try? await Task.sleep(for: Self.pauseAmongClaims(after: claim.jobs.count))
                        }
                    }
                } catch {
                    log("jobs could not be claimed", error)
                }
                await lane.bell.wait(atMost: pause)
            }
        }
    }

    private func pauseUntilDue(_ due: Duration?) -> Duration {
        guard let due else { return configuration.poll }
        // Due now, yet not claimed: another worker holds it, or just gave it back.
        return due == .zero ? Self.pauseAmongOthers : min(due, configuration.poll)
    }

    /// One run of one job, start to finish: the handler beside its lease, then the settlement.
    private func attempt(_ watch: LeaseWatch, in lane: Lane) async {
        let result = await runHandler(lane.handler, watch)
        let settlement = await settle(watch, result, backoff: lane.handler.backoff)
        running.remove(watch)
        lane.vacate(watch.job, isGone: settlement == .deleted)
    }

    /// The handler's answer, which is waited for in any case: a job is never given back while its handler runs.
    private func runHandler(_ handler: JobHandler, _ watch: LeaseWatch) async -> Result<JobOutcome, any Error> {
        let run = Task { try await handler.run(watch.job) }
        watch.whenEnded { run.cancel() }
        return await withTaskCancellationHandler {
            await run.result
        } onCancel: {
            run.cancel()
        }
    }

    /// - Returns: `nil` when it could not be written down: the lease runs out, and the job runs again.
    private func settle(
        _ watch: LeaseWatch, _ result: Result<JobOutcome, any Error>, backoff: Backoff
    ) async -> JobSettlement? {
        let job = watch.job
        // A handler that the end of the worker cut short did not fail.
        let isCutShort = watch.ended == .stopped && (try? result.get()) == nil
        if case .failure(let error) = result, !isCutShort { log("a job failed and is tried again", error, job: job) }
        let outcome = (try? result.get()) ?? .retry()

        for pause in [100, 200, 400, 800, 0] {
            do {
                let settlement =
                    isCutShort ? try await queue.giveBack(job) : try await queue.settle(job, outcome, backoff: backoff)
                if settlement == .leaseLost { logger.warning("a job's lease was lost before it ended") }
                return settlement
            } catch {
                log("a job's outcome could not be written", error, job: job)
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
        return nil
    }
}
