import CCurl
import Glibc

/// What libcurl alone can do: one multi handle, as many easy handles as run at once, each used again as soon as its
/// answer is whole. Nothing is read of an answer but its status. Its connections stay from turn to turn, as the client's do.
final class BareCurl {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let url: String
    private let body: String
    private let username: String
    private let password: String
    private let multi: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var handles: [UnsafeMutableRawPointer] = []

    init(url: String, body: String, username: String, password: String, concurrency: Int) throws {
        guard let multi = curl_multi_init() else { throw Failure(description: "libcurl has no multi handle.") }
        (self.url, self.body, self.username, self.password, self.multi) = (url, body, username, password, multi)
        for line in ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json", "Expect:"] {
            headers = curl_slist_append(headers, line)
        }
        for _ in 0..<concurrency {
            guard let easy = curl_easy_init() else { throw Failure(description: "libcurl has no easy handle.") }
            handles.append(easy)
            prepare(easy, headers)
            curl_multi_add_handle(multi, easy)
        }
    }

    deinit {
        for easy in handles {
            curl_multi_remove_handle(multi, easy)
            curl_easy_cleanup(easy)
        }
        curl_multi_cleanup(multi)
        curl_slist_free_all(headers)
    }

    /// Messages made a second, for that long, after `lead` seconds that do not count. Blocks.
    func creates(seconds: Double, after lead: Double = 0) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now + .seconds(lead)
        var made = 0
        while clock.now < start + .seconds(seconds) {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            var left: Int32 = 0
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
                let result = switchboard_message_result(message)
                var status = 0
                _ = switchboard_easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
                guard result == CURLE_OK, status == 201 else {
                    throw Failure(description: "libcurl's request ended with \(result.rawValue), status \(status).")
                }
                if clock.now >= start { made += 1 }
                curl_multi_remove_handle(multi, easy)
                curl_multi_add_handle(multi, easy)
            }
            curl_multi_poll(multi, nil, 0, 100, nil)
        }
        return Double(made) / ((clock.now - start) / .seconds(1))
    }

    private func prepare(_ easy: UnsafeMutableRawPointer, _ headers: UnsafeMutablePointer<curl_slist>?) {
        _ = switchboard_easy_set_string(easy, CURLOPT_URL, url)
        _ = switchboard_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        _ = switchboard_easy_set_long(easy, CURLOPT_POST, 1)
        _ = switchboard_easy_set_string(easy, CURLOPT_COPYPOSTFIELDS, body)
        _ = switchboard_easy_set_long(easy, CURLOPT_HTTPAUTH, Int(switchboard_auth_basic))
        _ = switchboard_easy_set_string(easy, CURLOPT_USERNAME, username)
        _ = switchboard_easy_set_string(easy, CURLOPT_PASSWORD, password)
        _ = switchboard_easy_set_list(easy, CURLOPT_HTTPHEADER, headers)
        _ = switchboard_easy_on_data(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    }
}
