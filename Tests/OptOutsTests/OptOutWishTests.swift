import OptOuts
import Testing

@Suite struct OptOutWishTests {
    @Test(arguments: [
        "STOP", "stop", " Stop \n", "STOPALL", "unsubscribe", "CANCEL", "end", "quit", "Revoke", "OPTOUT",
    ])
    func `A keyword alone is a wish to stop`(body: String) {
        #expect(OptOutWish(body) == .stop)
    }

    @Test(arguments: ["START", "yes", "Unstop"])
    func `A keyword alone is a wish to start`(body: String) {
        #expect(OptOutWish(body) == .start)
    }

    @Test(arguments: ["", "Please stop", "stop it", "Yes, that works", "STOP.", "stopp"])
    func `Anything else is a message`(body: String) {
        #expect(OptOutWish(body) == nil)
    }
}
