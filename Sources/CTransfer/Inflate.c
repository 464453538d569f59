#include "CTransfer.h"

#include <string.h>
#include <zlib.h>

// zlib counts in 32 bits; larger spans are fed in pieces.
static uInt piece(size_t count) { return count > 1u << 30 ? 1u << 30 : (uInt)count; }

typedef enum { BROKEN, FILLED, WHOLE } outcome;

// FILLED: the output is full; WHOLE: and the stream ends there, with all of the input used.
static outcome unpack(int window_bits, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, window_bits) != Z_OK) return BROKEN;
    uint8_t spare;  // an empty entry still needs somewhere to point
    stream.next_in = (Bytef *)input;
    stream.next_out = output_count ? output : &spare;
    int status = Z_OK;
    while (status == Z_OK) {
        if (stream.avail_in == 0) { stream.avail_in = piece(input_count); input_count -= stream.avail_in; }
        if (stream.avail_out == 0) { stream.avail_out = piece(output_count); output_count -= stream.avail_out; }
        status = inflate(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR when neither side can go on
    }
    int filled = (status == Z_STREAM_END || status == Z_BUF_ERROR) && stream.avail_out == 0 && output_count == 0;
    int whole = filled && status == Z_STREAM_END && stream.avail_in == 0 && input_count == 0;
    inflateEnd(&stream);
    return whole ? WHOLE : filled ? FILLED : BROKEN;
}

int ct_inflate(const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
    return unpack(-MAX_WBITS, input, input_count, output, output_count) == WHOLE ? 0 : -1;
}

int ct_inflate_beginning(const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
    return unpack(MAX_WBITS, input, input_count, output, output_count) == BROKEN ? -1 : 0;
}

uint32_t ct_crc32(const uint8_t *bytes, size_t count) {
    uLong crc = crc32(0, NULL, 0);
    while (count > 0) {
        uInt step = piece(count);
        crc = crc32(crc, bytes, step);
        bytes += step;
        count -= step;
    }
    return (uint32_t)crc;
}
