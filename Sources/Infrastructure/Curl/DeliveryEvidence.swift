/// What was seen of one transfer, and what follows about its delivery.
///
/// The rule: *every doubt counts as sent*. A wrong `notSent` texts a patient twice; a wrong `mayHaveBeenSent` costs a
/// look at the account's message list. So `notSent` needs one of two proofs:
/// 1. libcurl never reached the point just before a request is written (`CURLOPT_PREREQFUNCTION`), which it passes
///    once for every request, on new and on reused connections;
/// 2. one request was begun, and the server refused its HTTP/2 stream, which says that it was not processed
///    (RFC 9113, 8.7). libcurl says so for new connections only; on a reused one a refusal cannot be told from a loss.
///
/// libcurl's byte counters prove nothing: `CURLINFO_REQUEST_SIZE` misses what is written after a first write that took
/// nothing, and under TLS and HTTP/2 bytes leave before they are counted.
struct DeliveryEvidence: Sendable {
    /// Requests that libcurl was let begin.
    var requestsBegun = 0
    var streamRefused = false

    var delivery: TransportError.Delivery {
        switch requestsBegun {
        case 0: .notSent
        case 1 where streamRefused: .notSent
        default: .mayHaveBeenSent
        }
    }
}
