#include "codecs.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <jerror.h>

// libjpeg reports a fatal error through error_exit, which must not return: it jumps back into the function that decodes.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    char *message;
} error_manager;

static void escape_with_message(j_common_ptr info) {
    error_manager *errors = (error_manager *)info->err;
    char text[JMSG_LENGTH_MAX];
    errors->base.format_message(info, text);
    cic_fail(errors->message, "damaged JPEG: %s", text);
    longjmp(errors->escape, 1);
}
static void stay_silent(j_common_ptr info) { (void)info; }

// The whole file is in memory. libjpeg's own memory source ends a truncated file with an invented marker and grey pixels;
// Pillow calls it truncated, and so does this one.
static void source_nothing(j_decompress_ptr info) { (void)info; }
static boolean source_end(j_decompress_ptr info) {
    error_manager *errors = (error_manager *)info->err;
    cic_fail(errors->message, "truncated JPEG: the data ends before the picture does");
    longjmp(errors->escape, 1);
}
static void source_skip(j_decompress_ptr info, long count) {
    if (count <= 0) return;
    if ((size_t)count > info->src->bytes_in_buffer) source_end(info);
    info->src->next_input_byte += count;
    info->src->bytes_in_buffer -= (size_t)count;
}

// A progressive file may refine the same picture in any number of scans; real ones have about ten.
static void stop_after_many_scans(j_common_ptr info) {
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > 500) {
        error_manager *errors = (error_manager *)info->err;
        cic_fail(errors->message, "damaged JPEG: more than 500 scans");
        longjmp(errors->escape, 1);
    }
}

typedef struct {
    struct jpeg_decompress_struct info;
    struct jpeg_source_mgr source;
    error_manager errors;
    struct jpeg_progress_mgr progress;
    JSAMPLE *row;  // one CMYK row; released by the caller
} decoder;

static void open_decoder(decoder *d, const uint8_t *bytes, size_t count, char *message) {
    d->info.err = jpeg_std_error(&d->errors.base);
    d->errors.base.error_exit = escape_with_message;
    d->errors.base.output_message = stay_silent;
    d->errors.message = message;
    d->row = NULL;
    d->source = (struct jpeg_source_mgr){
        .next_input_byte = bytes, .bytes_in_buffer = count, .init_source = source_nothing,
        .fill_input_buffer = source_end, .skip_input_data = source_skip,
        .resync_to_restart = jpeg_resync_to_restart, .term_source = source_nothing,
    };
}

/// Entropy coding of blocks of 64 samples takes at least a bit a block and scan, arithmetic coding aside: fewer bytes than
/// that cannot hold the picture, so nothing of the claimed size is allocated for them.
static int too_few_bytes(const struct jpeg_decompress_struct *info, size_t count) {
    return !info->arith_code && (uint64_t)info->image_width * info->image_height > (uint64_t)count * 8 * 64;
}

int cic_jpeg_header(const uint8_t *bytes, size_t count, cic_header *header) {
    decoder d;
    open_decoder(&d, bytes, count, header->message);
    jpeg_create_decompress(&d.info);
    if (setjmp(d.errors.escape)) {
        jpeg_destroy_decompress(&d.info);
        return 1;
    }
    d.info.src = &d.source;
    jpeg_read_header(&d.info, TRUE);
    header->width = d.info.image_width;
    header->height = d.info.image_height;
    int failed = too_few_bytes(&d.info, count)
        ? cic_fail(header->message, "truncated JPEG: %zu bytes cannot hold the %u x %u pixels its header claims", count, header->width, header->height)
        : 0;
    jpeg_destroy_decompress(&d.info);
    return failed;
}

// a*b/255, rounded as Pillow rounds it.
static inline int scaled(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

// Adobe stores CMYK inverted, so the bytes are 255 minus the ink: rgb = white minus black minus the ink that black leaves.
static void inverted_cmyk_to_rgb(const JSAMPLE *in, uint8_t *out, uint32_t width) {
    for (uint32_t x = 0; x < width; x++, in += 4, out += 3) {
        int paper = in[3];
        for (int channel = 0; channel < 3; channel++) {
            int value = paper - scaled(255 - in[channel], paper);
            out[channel] = (uint8_t)(value < 0 ? 0 : value);
        }
    }
}

int cic_jpeg_decode(const uint8_t *bytes, size_t count, cic_header *header, int shrink, uint8_t *rgb) {
    decoder d;
    open_decoder(&d, bytes, count, header->message);
    jpeg_create_decompress(&d.info);
    if (setjmp(d.errors.escape)) {
        jpeg_destroy_decompress(&d.info);
        free(d.row);
        return 1;
    }
    d.info.src = &d.source;
    d.info.progress = &d.progress;
    d.progress.progress_monitor = stop_after_many_scans;
    jpeg_read_header(&d.info, TRUE);
    if (d.info.image_width != header->width || d.info.image_height != header->height) {
        jpeg_destroy_decompress(&d.info);
        return cic_fail(header->message, "damaged JPEG: two sizes");
    }
    int components = d.info.num_components;
    if (components != 1 && components != 3 && components != 4) {
        jpeg_destroy_decompress(&d.info);
        return cic_fail(header->message, "damaged JPEG: %d colour components; 1, 3 or 4 are known", components);
    }
    // Grey goes through libjpeg's own grey-to-RGB, which repeats the sample, as Pillow's L to RGB does.
    d.info.out_color_space = components == 4 ? JCS_CMYK : JCS_RGB;
    d.info.scale_num = 1;
    d.info.scale_denom = (unsigned)shrink;
    jpeg_start_decompress(&d.info);
    // Rounded up by libjpeg as by whoever gave `rgb`; nothing is written where they should differ.
    uint32_t width = (header->width + (uint32_t)shrink - 1) / (uint32_t)shrink, height = (header->height + (uint32_t)shrink - 1) / (uint32_t)shrink;
    if (d.info.output_width != width || d.info.output_height != height) {
        jpeg_destroy_decompress(&d.info);
        return cic_fail(header->message, "a JPEG of %u x %u pixels cannot be decoded %d times smaller", header->width, header->height, shrink);
    }
    size_t stride = (size_t)width * 3;
    if (components == 4) {
        d.row = malloc((size_t)width * 4);
        if (!d.row) {
            jpeg_destroy_decompress(&d.info);
            return cic_fail(header->message, "not enough memory for a row");
        }
    }
    while (d.info.output_scanline < d.info.output_height) {
        uint8_t *out = rgb + stride * d.info.output_scanline;
        JSAMPROW target = d.row ? d.row : out;
        if (jpeg_read_scanlines(&d.info, &target, 1) != 1) source_end(&d.info);
        if (d.row) inverted_cmyk_to_rgb(d.row, out, width);
    }
    // What follows the last row (a missing end marker, an appended thumbnail) is nobody's concern, as in Pillow.
    jpeg_destroy_decompress(&d.info);
    free(d.row);
    return 0;
}
