#include "codecs.h"
#include <webp/decode.h>

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
