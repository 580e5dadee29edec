#pragma once
#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// libcurl's setters and getters are variadic, which Swift cannot call: here is one door for each kind of value.

static inline CURLcode switchboard_easy_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode switchboard_easy_set_off(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode switchboard_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode switchboard_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode switchboard_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

typedef size_t (*switchboard_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*switchboard_prereq_callback)(void *context, char *peer, char *local, int peer_port, int local_port);
typedef int (*switchboard_debug_callback)(CURL *easy, curl_infotype type, char *bytes, size_t size, void *context);

static inline CURLcode switchboard_easy_on_data(CURL *easy, CURLoption option, switchboard_data_callback callback) {
    return (curl_easy_setopt)(easy, option, callback);
}

static inline CURLcode switchboard_easy_on_prereq(CURL *easy, switchboard_prereq_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode switchboard_easy_on_debug(CURL *easy, switchboard_debug_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_DEBUGFUNCTION, callback);
}

typedef curl_socket_t (*switchboard_open_socket_callback)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode switchboard_easy_on_open_socket(CURL *easy, switchboard_open_socket_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

typedef int (*switchboard_close_socket_callback)(void *context, curl_socket_t socket);

static inline CURLcode switchboard_easy_on_close_socket(CURL *easy, switchboard_close_socket_callback callback) {
    return (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

// What libcurl takes for "no socket", which it defines by a macro with a cast on some systems.
static const curl_socket_t switchboard_no_socket = CURL_SOCKET_BAD;

/// What CURLOPT_PRIVATE was set to.
static inline void *_Nullable switchboard_easy_context(CURL *easy) {
    char *context = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context) == CURLE_OK ? context : NULL;
}

static inline CURLcode switchboard_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

static inline CURLMcode switchboard_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

typedef int (*switchboard_socket_callback)(CURL *easy, curl_socket_t socket, int what, void *context, void *mark);
typedef int (*switchboard_timer_callback)(CURLM *multi, long milliseconds, void *context);

// What the multi handle waits for, told to its owner instead of found out by asking every handle.
static inline CURLMcode switchboard_multi_on_wait(
    CURLM *multi, switchboard_socket_callback on_socket, switchboard_timer_callback on_timer, void *context) {
    CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

static inline CURLSHcode switchboard_share_set_long(CURLSH *share, CURLSHoption option, long value) {
    return (curl_share_setopt)(share, option, value);
}

// `data` is a union, which Swift imports as computed storage: read it here.
static inline CURLcode switchboard_message_result(const CURLMsg *message) {
    return message->data.result;
}

// CURLAUTH_BASIC is a macro with a cast, which Swift does not import.
static const long switchboard_auth_basic = CURLAUTH_BASIC;

// Zeroes memory in a way that the optimizer keeps.
static inline void switchboard_zero(void *bytes, size_t size) {
    volatile unsigned char *each = (volatile unsigned char *)bytes;
    while (size-- > 0) *each++ = 0;
}

// Likewise.
static const curl_socket_t switchboard_timeout_socket = CURL_SOCKET_TIMEOUT;

static const long switchboard_global_default = CURL_GLOBAL_DEFAULT;
