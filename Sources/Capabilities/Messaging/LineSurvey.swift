import Credentials
import Foundation
import Twilio

/// What kinds of lines many numbers have, asked of Twilio's Lookup.
struct LineSurvey: Sendable {
    /// Numbers that are asked for at the same time.
    private static let width = 10
    /// For how long further ones are begun, and after how long nothing is waited for any more.
    private static let longestBeginning: Duration = .seconds(2)
    static let patience: Duration = .seconds(4)
    /// How long what was not told is not asked for again.
    static let longestSilence: Duration = .seconds(300)

    /// With the kind of each, empty where Twilio does not know it.
    private(set) var told: [(phone: String, type: String)] = []
    /// Asked for, and not told.
    private(set) var untold: [String] = []
    /// For how long nothing is to be had of the account's Lookup.
    private(set) var silence: Duration?
    private var failuresInARow = 0

    private enum Answer: Sendable {
        case type(String)
        /// Nothing is known of this number.
        case nothing
        /// The account gets no answers, for so long.
        case refusal(Duration)
    }

    private enum Event: Sendable {
        case answered(String, Answer)
        case timeIsUp
    }

    mutating func ask(_ phones: [String], _ lease: TwilioLease) async {
        let lastBeginning = ContinuousClock.now + Self.longestBeginning
        var survey = self
        await withTaskGroup(of: Event.self) { group in
            var rest = phones[...]
            var underWay = 0
            var isTimeUp = false
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return .timeIsUp
            }
            func begin(_ count: Int) {
                for phone in rest.prefix(count) {
                    group.addTask { .answered(phone, await Self.ask(phone, lease)) }
                    underWay += 1
                }
                rest = rest.dropFirst(count)
            }
            begin(Self.width)
            while underWay > 0, let event = await group.next() {
                switch event {
                case .timeIsUp:
                    isTimeUp = true
                    group.cancelAll()
                case .answered(let phone, let answer):
                    underWay -= 1
                    survey.note(phone, answer)
                    if !isTimeUp, survey.silence == nil, ContinuousClock.now < lastBeginning { begin(1) }
                }
            }
            if isTimeUp, survey.told.isEmpty { survey.beSilent(Self.longestSilence) }
            group.cancelAll()
        }
        self = survey
    }

    private mutating func note(_ phone: String, _ answer: Answer) {
        switch answer {
        case .type(let type):
            told.append((phone, type))
            failuresInARow = 0
        case .nothing, .refusal:
            untold.append(phone)
            failuresInARow += 1
            if case .refusal(let duration) = answer { beSilent(duration) }
            if failuresInARow >= Self.width { beSilent(Self.longestSilence) }
        }
    }

    private mutating func beSilent(_ duration: Duration) {
        silence = max(silence ?? .zero, duration)
    }

    /// There is nobody to ask.
    static func impossible() -> LineSurvey {
        var survey = LineSurvey()
        survey.beSilent(longestSilence)
        return survey
    }

    private static func ask(_ phone: String, _ lease: TwilioLease) async -> Answer {
        guard let segment = PathSegment(phone) else { return .nothing }
        do throws(TwilioCallError) {
            let lookup = try await lease.client.lookups.fetch(segment, .init([.lineTypeIntelligence]))
            return .type(String((lookup.lineTypeIntelligence?.type ?? "").unicodeScalars.prefix(40)))
        } catch {
            switch error {
            case .refused(let refusal) where [401, 403, 429].contains(refusal.status): return .refusal(longestSilence)
            // A circuit that is open knows better when it is worth a try.
            case .heldBack(let why) where why.reason == .serverFailing:
                return .refusal(why.retryAfter ?? longestSilence)
            case .heldBack(let why) where why.reason != .tooManyWaiting: return .refusal(longestSilence)
            default: return .nothing
            }
        }
    }
}
