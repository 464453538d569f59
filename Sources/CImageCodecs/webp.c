#include "codecs.h"
#include <webp/decode.h>
#include <webp/encode.h>
#include <stdlib.h>
#include <string.h>

static int fail(char *message, VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return cic_fail(message, "truncated WebP: the data ends before the picture does");
    case VP8_STATUS_OUT_OF_MEMORY: return cic_fail(message, "not enough memory for the picture");
    case VP8_STATUS_UNSUPPORTED_FEATURE: return cic_fail(message, "this kind of WebP is not supported");
    default: return cic_fail(message, "damaged WebP");
    }
}

int cic_webp_header(const uint8_t *bytes, size_t count, cic_header *header) {
    WebPBitstreamFeatures features;
    VP8StatusCode status = WebPGetFeatures(bytes, count, &features);
    if (status != VP8_STATUS_OK) return fail(header->message, status);
    if (features.has_animation) return cic_fail(header->message, "animated WebP pictures are not supported");
    header->width = (uint32_t)features.width;
    header->height = (uint32_t)features.height;
    return 0;
}

int cic_webp_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return cic_fail(header->message, "libwebp of another version than its header");
    config.output.colorspace = MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = rgb;
    config.output.u.RGBA.stride = (int)header->width * 3;
    config.output.u.RGBA.size = (size_t)header->width * 3 * header->height;
    VP8StatusCode status = WebPDecode(bytes, count, &config);
    WebPFreeDecBuffer(&config.output);
    return status == VP8_STATUS_OK ? 0 : fail(header->message, status);
}

int cic_encode_webp(const uint8_t *rgb, uint32_t width, uint32_t height, float quality, uint8_t **out, size_t *out_count, char *message) {
    if (width == 0 || height == 0 || width > WEBP_MAX_DIMENSION || height > WEBP_MAX_DIMENSION)
        return cic_fail(message, "a side of a WebP picture is 1 to %d pixels", WEBP_MAX_DIMENSION);
    uint8_t *encoded = NULL;
    size_t count = WebPEncodeRGB(rgb, (int)width, (int)height, (int)width * 3, quality, &encoded);
    if (count == 0) return cic_fail(message, "not enough memory to encode the picture");
    // What goes out is freed by cic_free, whatever allocator libwebp uses.
    uint8_t *copy = malloc(count);
    if (copy) memcpy(copy, encoded, count);
    WebPFree(encoded);
    if (!copy) return cic_fail(message, "not enough memory to encode the picture");
    *out = copy;
    *out_count = count;
    return 0;
}
