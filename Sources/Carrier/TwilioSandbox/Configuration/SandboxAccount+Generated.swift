extension SandboxAccount {
    /// A fresh account for a demo: a random SID, a token from the system's generator, fictional numbers of distinct
    /// area codes and a few past messages with fictional contacts.
    ///
    /// - Parameters:
    ///   - name: The friendly name, 1 to 64 characters.
    ///   - numberCount: How many numbers, at most as many as the inventory has area codes.
    ///   - taken: Numbers that other accounts own; the new ones are added.
    ///   - generator: Where the SID, the numbers and the past messages come from (never the token).
    package static func generated(
        name: String, numberCount: Int = 3, taken: inout Set<String>, using generator: inout some RandomNumberGenerator
    ) -> SandboxAccount {
        let areas = NumberInventory.localAreas.shuffled(using: &generator).prefix(max(0, numberCount))
        var numbers: [String] = []
        for area in areas {
            let free = (0..<100).map { area.number($0) }.filter { !taken.contains($0) }
            guard let number = free.randomElement(using: &generator) else { continue }
            taken.insert(number)
            numbers.append(number)
        }
        return SandboxAccount(
            sid: Sid.make("AC", using: &generator), authToken: Sid.secret(), friendlyName: name,
            numbers: numbers.map { SandboxNumber(phoneNumber: $0) },
            pastMessages: pastMessages(numbers: numbers, using: &generator))
    }

    private static func pastMessages(
        numbers: [String], using generator: inout some RandomNumberGenerator
    ) -> [SandboxPastMessage] {
        let exchanges = [
            ("Hello, this is a reminder of your visit tomorrow at 9:30. Reply C to confirm.", "C"),
            ("Your order is ready. We are open until 18:00.", "Thank you, on my way"),
            ("We moved our call to Thursday at 14:00. Does that suit you?", "Yes, that works for me."),
            ("Please remember to bring your documents.", "Will do 👍"),
        ]
        var messages: [SandboxPastMessage] = []
        for (index, exchange) in exchanges.enumerated() where !numbers.isEmpty {
            let ours = numbers[index % numbers.count]
            let area = NumberInventory.localAreas[
                Int.random(in: 0..<NumberInventory.localAreas.count, using: &generator)]
            let contact = area.number(Int.random(in: 0..<100, using: &generator))
            guard !numbers.contains(contact) else { continue }
            let start = Double((exchanges.count - index) * 86_400) + Double.random(in: 0..<3600, using: &generator)
            messages.append(
                SandboxPastMessage(
                    sid: Sid.make("SM", using: &generator), direction: .outbound, from: ours, to: contact,
                    body: exchange.0, secondsAgo: start))
            messages.append(
                SandboxPastMessage(
                    sid: Sid.make("SM", using: &generator), direction: .inbound, from: contact, to: ours,
                    body: exchange.1, secondsAgo: start - 240))
        }
        return messages
    }
}
