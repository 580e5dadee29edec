extension TwiML {
    package struct Say: Sendable, Equatable {
        package var text: String
        /// Such as `alice`, `Polly.Joanna`.
        package var voice: String?
        /// Such as `en-US`.
        package var language: String?
        /// How often; 0 is until the call ends.
        package var loop: Int?

        package init(_ text: String) {
            self.text = text
        }
    }

    /// Plays a sound, or sends tones.
    package struct Play: Sendable, Equatable {
        package var url: String?
        package var digits: String?
        /// How often; 0 is until the call ends.
        package var loop: Int?

        package init(url: String) {
            self.url = url
        }

        package init(digits: String) {
            self.digits = digits
        }
    }

    /// Takes what the caller types or says.
    package struct Gather: Sendable, Equatable {
        package enum Prompt: Sendable, Equatable {
            case say(Say)
            case play(Play)
            case pause(seconds: Int? = nil)
        }

        /// `dtmf`, `speech`, or both.
        package var input: [String] = []
        package var action: String?
        package var method: HTTPMethod?
        /// Seconds without a key that end it.
        package var timeout: Int?
        /// Seconds, or `auto`.
        package var speechTimeout: String?
        package var finishOnKey: String?
        package var numDigits: Int?
        package var language: String?
        package var hints: String?
        package var bargeIn: Bool?
        package var actionOnEmptyResult: Bool?
        package var partialResultCallback: String?
        package var prompts: [Prompt]

        package init(_ prompts: [Prompt] = []) {
            self.prompts = prompts
        }
    }
}

extension TwiML.Say {
    var element: XMLElement {
        XMLElement(
            "Say", attributes: [("voice", voice), ("language", language), ("loop", loop?.xml)], children: [.text(text)])
    }
}

extension TwiML.Play {
    var element: XMLElement {
        XMLElement(
            "Play", attributes: [("loop", loop?.xml), ("digits", digits)], children: url.map { [.text($0)] } ?? [])
    }
}

extension TwiML.Gather {
    var element: XMLElement {
        XMLElement(
            "Gather",
            attributes: [
                ("input", TwiML.words(input)), ("action", action), ("method", method?.rawValue),
                ("timeout", timeout?.xml), ("speechTimeout", speechTimeout), ("finishOnKey", finishOnKey),
                ("numDigits", numDigits?.xml), ("language", language), ("hints", hints), ("bargeIn", bargeIn?.xml),
                ("actionOnEmptyResult", actionOnEmptyResult?.xml), ("partialResultCallback", partialResultCallback),
            ],
            children: prompts.map { .element($0.element) })
    }
}

extension TwiML.Gather.Prompt {
    fileprivate var element: XMLElement {
        switch self {
        case .say(let say): say.element
        case .play(let play): play.element
        case .pause(let seconds): TwiML.Verb.pause(seconds: seconds).element
        }
    }
}
