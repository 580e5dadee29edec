import CCurl
import Glibc

/// What libcurl alone can do: one multi handle, as many easy handles as run at once, each used again as soon as its
/// answer is whole. Nothing is read of an answer but its status.
struct BareCurl {
    let url: String
    let body: String
    let username: String
    let password: String
    let concurrency: Int

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Messages made in that time. Blocks.
    func creates(seconds: Double) throws -> Int {
        guard let multi = curl_multi_init() else { throw Failure(description: "libcurl has no multi handle.") }
        defer { curl_multi_cleanup(multi) }
        var headers: UnsafeMutablePointer<curl_slist>?
        for line in ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json", "Expect:"] {
            headers = curl_slist_append(headers, line)
        }
        defer { curl_slist_free_all(headers) }
        var handles: [UnsafeMutableRawPointer] = []
        defer {
            for easy in handles {
                curl_multi_remove_handle(multi, easy)
                curl_easy_cleanup(easy)
            }
        }
        for _ in 0..<concurrency {
            guard let easy = curl_easy_init() else { throw Failure(description: "libcurl has no easy handle.") }
            handles.append(easy)
            prepare(easy, headers)
            curl_multi_add_handle(multi, easy)
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var made = 0
        while clock.now < end {
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
                made += 1
                curl_multi_remove_handle(multi, easy)
                curl_multi_add_handle(multi, easy)
            }
            curl_multi_poll(multi, nil, 0, 100, nil)
        }
        return made
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
