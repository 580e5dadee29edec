/// How the other party of a call behaves, since nobody is there: of a number (`POST /_control/parties`), or of one
/// inbound call.
package struct CallScript: Codable, Sendable, Equatable {
    package enum Answer: String, Codable, Sendable {
        case answered, busy, failed
        case noAnswer = "no-answer"
    }

    package var answer = Answer.answered
    /// How long it rings before that, in seconds.
    package var ringSeconds = 2.0
    /// What is keyed in, one text for each `<Gather>` that wants digits, in order.
    package var digits: [String] = []
    /// What is said, one text for each `<Gather>` that wants speech.
    package var speech: [String] = []
    /// When the party hangs up, in seconds after the answer; nil: when the other side does.
    package var hangUpAfter: Double?
    /// How long a party that was dialed talks, when `hangUpAfter` is nil.
    package var talkSeconds = 10.0
    /// How long the party speaks into a `<Record>`; 0 is silence.
    package var recordSeconds = 5.0
    /// How long the party says nothing before it speaks into a recording, which `trim` may take off again.
    package var silenceSeconds = 0.0
    package var isMachine = false
    /// What a transcription makes of a recording.
    package var transcription = "Hello, this is the other party."

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? usual
        }
        answer = try value(.answer, answer)
        ringSeconds = try value(.ringSeconds, ringSeconds)
        digits = try value(.digits, digits)
        speech = try value(.speech, speech)
        hangUpAfter = try values.decodeIfPresent(Double.self, forKey: .hangUpAfter)
        talkSeconds = try value(.talkSeconds, talkSeconds)
        recordSeconds = try value(.recordSeconds, recordSeconds)
        silenceSeconds = try value(.silenceSeconds, silenceSeconds)
        isMachine = try value(.isMachine, isMachine)
        transcription = try value(.transcription, transcription)
    }

    /// The sandbox's own magic numbers: +15005554001 is busy, …002 does not answer, …003 fails, …004 is a machine.
    init(ofNumber number: String) {
        switch number {
        case "+15005554001": answer = .busy
        case "+15005554002": answer = .noAnswer
        case "+15005554003": answer = .failed
        case "+15005554004": isMachine = true
        default: break
        }
    }
}
