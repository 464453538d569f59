#include "codecs.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cic_fail(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, CIC_MESSAGE_SIZE, format, arguments);
    va_end(arguments);
    return 1;
}

static int begins(const uint8_t *bytes, size_t count, const char *magic, size_t length) {
    return count >= length && memcmp(bytes, magic, length) == 0;
}

static cic_format format_of(const uint8_t *bytes, size_t count) {
    if (begins(bytes, count, "\xFF\xD8\xFF", 3)) return CIC_JPEG;
    if (begins(bytes, count, "\x89PNG\r\n\x1A\n", 8)) return CIC_PNG;
    if (count >= 12 && begins(bytes, count, "RIFF", 4) && memcmp(bytes + 8, "WEBP", 4) == 0) return CIC_WEBP;
    return CIC_UNKNOWN;
}

/// Names what it is instead, for the picture formats that people have.
static int fail_unknown(const uint8_t *bytes, size_t count, char *message) {
    if (count == 0) return cic_fail(message, "the file is empty");
    const char *name = begins(bytes, count, "GIF8", 4) ? "GIF"
        : begins(bytes, count, "BM", 2) ? "BMP"
        : begins(bytes, count, "II*\0", 4) || begins(bytes, count, "MM\0*", 4) ? "TIFF"
        : count >= 12 && memcmp(bytes + 4, "ftyp", 4) == 0 ? "HEIC or AVIF" : NULL;
    if (name) return cic_fail(message, "%s pictures are not supported; JPEG, PNG and WebP are", name);
    return cic_fail(message, "not a JPEG, PNG or WebP picture");
}

int cic_read_header(const uint8_t *bytes, size_t count, cic_header *header) {
    memset(header, 0, sizeof *header);
    header->format = format_of(bytes, count);
    int failed;
    switch (header->format) {
    case CIC_JPEG: failed = cic_jpeg_header(bytes, count, header); break;
    case CIC_PNG: failed = cic_png_header(bytes, count, header); break;
    case CIC_WEBP: failed = cic_webp_header(bytes, count, header); break;
    default: return fail_unknown(bytes, count, header->message);
    }
    if (failed) return failed;
    if (header->width == 0 || header->height == 0) return cic_fail(header->message, "the picture has no pixels");
    uint64_t pixels = (uint64_t)header->width * header->height;
    if (pixels > CIC_MAX_PIXELS)
        return cic_fail(header->message, "the header claims %u x %u pixels; at most %d are read", header->width, header->height, CIC_MAX_PIXELS);
    return 0;
}

int cic_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb) {
    switch (header->format) {
    case CIC_JPEG: return cic_jpeg_decode(bytes, count, header, 1, rgb);
    case CIC_PNG: return cic_png_decode(bytes, count, header, rgb);
    case CIC_WEBP: return cic_webp_decode(bytes, count, header, rgb);
    default: return cic_fail(header->message, "not a JPEG, PNG or WebP picture");
    }
}

int cic_decode_shrunk(const uint8_t *bytes, size_t count, cic_header *header, int shrink, uint8_t *rgb) {
    if (header->format != CIC_JPEG) return cic_fail(header->message, "only a JPEG picture can be decoded smaller than it is");
    return cic_jpeg_decode(bytes, count, header, shrink, rgb);
}

void cic_free(void *pointer) { free(pointer); }
