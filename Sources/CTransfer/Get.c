#include "CTransfer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void ct_start(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static size_t header(char *bytes, size_t size, size_t count, void *context) {
    const ct_request *request = context;
    return request->header(request->context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t body(char *bytes, size_t size, size_t count, void *context) {
    const ct_request *request = context;
    size_t length = size * count;
    if (length == 0) return 0;
    return request->body(request->context, (const uint8_t *)bytes, length) == 0 ? length : 0;
}

static int tick(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a; (void)b; (void)c; (void)d;
    const ct_request *request = context;
    return request->tick(request->context);
}

static ct_outcome outcome(CURLcode code) {
    switch (code) {
        case CURLE_OK: return CT_OK;
        case CURLE_WRITE_ERROR: case CURLE_ABORTED_BY_CALLBACK: return CT_STOPPED;
        case CURLE_URL_MALFORMAT: case CURLE_UNSUPPORTED_PROTOCOL: return CT_BAD_ADDRESS;
        case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_RESOLVE_PROXY: return CT_NO_HOST;
        case CURLE_COULDNT_CONNECT: return CT_NO_CONNECTION;
        case CURLE_OPERATION_TIMEDOUT: return CT_TIMED_OUT;
        case CURLE_SSL_CONNECT_ERROR: case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CACERT_BADFILE: return CT_NOT_TRUSTED;
        case CURLE_PARTIAL_FILE: case CURLE_RECV_ERROR: case CURLE_GOT_NOTHING: case CURLE_SEND_ERROR: return CT_CUT_SHORT;
        default: return CT_FAILED;
    }
}

ct_outcome ct_get(const ct_request *request, char message[256]) {
    message[0] = 0;
    CURL *curl = curl_easy_init();
    if (!curl) return CT_FAILED;
    char reason[CURL_ERROR_SIZE] = "";
    int secure = strncasecmp(request->url, "https:", 6) == 0;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, request->user_agent);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);   // a dead line, not a slow one
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
    char range[32];
    if (request->offset > 0) {  // RANGE, not RESUME_FROM: a server that sends the whole file again is no error
        snprintf(range, sizeof range, "%lld-", (long long)request->offset);
        curl_easy_setopt(curl, CURLOPT_RANGE, range);
    }
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, (void *)request);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, (void *)request);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tick);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)request);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    CURLcode code = curl_easy_perform(curl);
    strncpy(message, reason[0] ? reason : curl_easy_strerror(code), 255);
    message[255] = 0;
    curl_easy_cleanup(curl);
    return outcome(code);
}

typedef struct {
    void *context;
    int (*answer)(void *context, const uint8_t *bytes, size_t count);
} listener;

static size_t answer(char *bytes, size_t size, size_t count, void *context) {
    const listener *listener = context;
    size_t length = size * count;
    if (length == 0) return 0;
    return listener->answer(listener->context, (const uint8_t *)bytes, length) == 0 ? length : 0;
}

ct_outcome ct_send(
    const char *method, const char *url, const char *user_agent, const char *content_type, const uint8_t *body, size_t body_count,
    int64_t seconds, void *context, int (*collect)(void *context, const uint8_t *bytes, size_t count), long *status, char message[256]) {
    message[0] = 0;
    *status = 0;
    CURL *curl = curl_easy_init();
    if (!curl) return CT_FAILED;
    char reason[CURL_ERROR_SIZE] = "";
    char type[128];
    snprintf(type, sizeof type, "Content-Type: %s", content_type);
    struct curl_slist *headers = curl_slist_append(NULL, type);
    headers = curl_slist_append(headers, "Expect:");  // small bodies need no permission
    listener listener = {context, collect};
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 3L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)seconds);
    if (strcmp(method, "GET") != 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_count);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)body);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &listener);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    strncpy(message, reason[0] ? reason : curl_easy_strerror(code), 255);
    message[255] = 0;
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return outcome(code);
}
