// JPEG, PNG and WebP in memory to 8-bit RGB rows as Pillow's convert("RGB") gives them, PNG encoding, and Pillow's resampling.
// No function keeps state, so all may be called from any thread. Every input is foreign: failures are returned, never fatal.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

/// Most pixels that a header may claim: the count at which Pillow refuses a decompression bomb.
#define CIC_MAX_PIXELS 178956970
#define CIC_MESSAGE_SIZE 240

typedef enum { CIC_UNKNOWN = 0, CIC_JPEG, CIC_PNG, CIC_WEBP } cic_format;

typedef struct {
    cic_format format;
    uint32_t width, height;
    char message[CIC_MESSAGE_SIZE];  // why a call failed, in words
} cic_header;

/// Reads format and size. 0 on success; otherwise `header->message` says why.
/// Refuses sizes over CIC_MAX_PIXELS and sizes that so few bytes cannot hold, so that the caller may allocate width*height*3.
int cic_read_header(const uint8_t *bytes, size_t count, cic_header *header);

/// Decodes into `rgb`, height x width x 3 as `cic_read_header` gave them. 0 on success.
int cic_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb);

/// Decodes a JPEG `shrink` (1, 2, 4 or 8) times smaller by leaving out the higher frequencies of its blocks: a fraction of the work.
/// `rgb` is height/shrink x width/shrink x 3, both rounded up. 0 on success.
int cic_decode_shrunk(const uint8_t *bytes, size_t count, cic_header *header, int shrink, uint8_t *rgb);

/// Encodes height x width x 3 as PNG. On success 0, and `*out` (to be freed with cic_free) holds `*out_count` bytes.
int cic_encode_png(const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **out, size_t *out_count, char *message);
/// The same as a lossy WebP of `quality` 0 to 100; a side of at most 16,383 pixels.
int cic_encode_webp(const uint8_t *rgb, uint32_t width, uint32_t height, float quality, uint8_t **out, size_t *out_count, char *message);
void cic_free(void *pointer);

typedef enum { CIC_BILINEAR = 0, CIC_BICUBIC = 1 } cic_filter;

/// A resampling of a window of an RGB picture, byte-equal to Pillow's `resize`.
/// `pixels` points at the window's first pixel; its rows are `stride` bytes apart, `width` x `height` pixels are seen.
/// `box` (left, top, right, bottom; inside the window) is scaled to `out_width` x `out_height`; of that, only the
/// `crop_width` x `crop_height` pixels from (`crop_left`, `crop_top`) are computed, into `out`, crop_height x crop_width x 3.
typedef struct {
    const uint8_t *pixels;
    size_t stride;
    int width, height;
    float box[4];
    int out_width, out_height;
    int crop_left, crop_top, crop_width, crop_height;
    cic_filter filter;
} cic_resampling;

/// 0 on success, 1 when memory is short.
int cic_resample(const cic_resampling *plan, uint8_t *out);

#endif
