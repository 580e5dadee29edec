/// `/v1/Deactivations`: where the list of numbers that a day's carriers gave up can be had. Nothing is deactivated here.
enum DeactivationResource {
    static let routes: [Route] = [.get("/v1/Deactivations", fetch)]

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        if let date = call.query["Date"] {
            guard case .day = TwilioDate.filterValue(date) else {
                throw TwilioFault(20001, "Invalid Date: expected YYYY-MM-DD, not '\(date)'")
            }
        }
        let target = call.url("/_media/deactivations")
        var answer = SandboxAnswer.json(307, ["redirect_to": .string(target)])
        answer.headers = [("Location", target)]
        return answer
    }
}
