// A narrow door to libcurl, libcrypto and zlib: what TensorFiles needs and nothing else.
// Every function takes lengths; none keeps a pointer after it returns.
#pragma once

#include <stddef.h>
#include <stdint.h>

// SHA-256 (libcrypto EVP). 0 is success everywhere.
typedef struct ct_sha256 ct_sha256;
ct_sha256 *ct_sha256_new(void);                                     // NULL when libcrypto refuses
int ct_sha256_update(ct_sha256 *hash, const void *bytes, size_t count);
int ct_sha256_finish(ct_sha256 *hash, uint8_t digest[32]);
void ct_sha256_free(ct_sha256 *hash);

// Raw deflate (RFC 1951), as zip entries hold it. Returns 0 when the stream ends after exactly
// `output_count` bytes and uses all of `input`; anything else is a broken stream.
int ct_inflate(const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count);
// The beginning of a zlib stream (RFC 1950). Returns 0 when it gives `output_count` bytes, whether or not more follow.
int ct_inflate_beginning(const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count);
uint32_t ct_crc32(const uint8_t *bytes, size_t count);

// Gives the room of a range of an open file back to the disk (fallocate, which Swift's view of the C library lacks).
// The file stays as long as it was and reads as zeros there. 0 is success; errno is set otherwise.
int ct_release(int descriptor, int64_t start, int64_t count);

// Opens an empty file without a name in a folder, for reading and writing: it goes with the process. Its descriptor, or -1 and errno.
int ct_unnamed(const char *folder);

// One HTTP(S) GET. Redirects are followed, never from https to http.
typedef struct {
    const char *url;
    const char *user_agent;
    int64_t offset;        // > 0 asks for the bytes from there on
    void *context;
    // Called with each header line of each response in turn (redirects too), then with body bytes.
    // A result other than 0 ends the transfer with CT_STOPPED.
    int (*header)(void *context, const char *line, size_t count);
    int (*body)(void *context, const uint8_t *bytes, size_t count);
    int (*tick)(void *context);   // several times a second, also while nothing arrives
} ct_request;

typedef enum {
    CT_OK = 0,
    CT_STOPPED,       // a callback said so
    CT_BAD_ADDRESS,
    CT_NO_HOST,
    CT_NO_CONNECTION,
    CT_TIMED_OUT,
    CT_NOT_TRUSTED,   // TLS
    CT_CUT_SHORT,     // the connection ended before the announced length
    CT_FAILED,
} ct_outcome;

void ct_start(void);  // once in a process, before any ct_get
ct_outcome ct_get(const ct_request *request, char message[256]);

// One HTTP(S) request of any method; `body` goes with all but GET. Redirects are not followed. `answer` gets the body's
// bytes as they come; a result other than 0 ends the transfer with CT_STOPPED. `seconds` is for all of it.
ct_outcome ct_send(
    const char *method, const char *url, const char *user_agent, const char *content_type, const uint8_t *body, size_t body_count,
    int64_t seconds, void *context, int (*answer)(void *context, const uint8_t *bytes, size_t count), long *status, char message[256]);
