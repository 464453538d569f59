#include "codecs.h"
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t count, position;
    char *message;
} png_source;

// libpng leaves through longjmp as well; both handlers find the message buffer through the error pointer.
static void escape_with_message(png_structp png, png_const_charp text) {
    char *message = png_get_error_ptr(png);
    if (message[0] == 0) cic_fail(message, "damaged PNG: %s", text);
    png_longjmp(png, 1);
}
static void stay_silent(png_structp png, png_const_charp text) { (void)png; (void)text; }

static void read_from_memory(png_structp png, png_bytep out, size_t count) {
    png_source *source = png_get_io_ptr(png);
    if (count > source->count - source->position) {
        cic_fail(source->message, "truncated PNG: the data ends before the picture does");
        png_error(png, "truncated");
    }
    memcpy(out, source->bytes + source->position, count);
    source->position += count;
}

typedef struct {
    png_structp png;
    png_infop info;
    png_source source;
    uint8_t *rows;        // the whole decoded picture, for interlaced files
    png_bytep *pointers;  // and its rows
} decoder;

static void close_decoder(decoder *d) {
    png_destroy_read_struct(&d->png, &d->info, NULL);
    free(d->rows);
    free(d->pointers);
}

static int open_decoder(decoder *d, const uint8_t *bytes, size_t count, char *message) {
    memset(d, 0, sizeof *d);
    message[0] = 0;
    d->source = (png_source){.bytes = bytes, .count = count, .message = message};
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, escape_with_message, stay_silent);
    if (d->png) d->info = png_create_info_struct(d->png);
    if (d->info) return 0;
    close_decoder(d);
    return cic_fail(message, "not enough memory to read a PNG");
}

static void read_info(decoder *d) {
    png_set_read_fn(d->png, &d->source, read_from_memory);
    png_set_chunk_malloc_max(d->png, 64 << 20);  // a compressed profile or text may claim any size
    png_read_info(d->png, d->info);
}

int cic_png_header(const uint8_t *bytes, size_t count, cic_header *header) {
    decoder d;
    if (open_decoder(&d, bytes, count, header->message)) return 1;
    if (setjmp(png_jmpbuf(d.png))) {
        close_decoder(&d);
        return 1;
    }
    read_info(&d);
    header->width = png_get_image_width(d.png, d.info);
    header->height = png_get_image_height(d.png, d.info);
    // Deflate stores at most 1,032 bytes in one.
    uint64_t raw = (png_get_rowbytes(d.png, d.info) + 1) * (uint64_t)header->height;
    close_decoder(&d);
    if (raw / 1032 > count)
        return cic_fail(header->message, "truncated PNG: %zu bytes cannot hold the %u x %u pixels its header claims", count, header->width, header->height);
    return 0;
}

/// How one decoded row becomes RGB. Alpha is dropped, not blended, as Pillow's convert does.
typedef struct {
    uint32_t width;
    int channels;  // samples a pixel, alpha included
    int deep;      // 16-bit samples, most significant byte first
    const png_color *palette;
    int palette_count;
} row_layout;

static void row_to_rgb(const row_layout *layout, const uint8_t *in, uint8_t *out) {
    for (uint32_t x = 0; x < layout->width; x++, out += 3) {
        if (layout->palette) {
            // A shorter palette leaves the rest black, as in Pillow.
            int index = in[x];
            if (index < layout->palette_count) {
                out[0] = layout->palette[index].red;
                out[1] = layout->palette[index].green;
                out[2] = layout->palette[index].blue;
            } else {
                out[0] = out[1] = out[2] = 0;
            }
            continue;
        }
        size_t size = layout->deep ? 2 : 1;
        const uint8_t *pixel = in + (size_t)x * layout->channels * size;
        if (layout->channels == 1 && layout->deep) {
            // Pillow clips 16-bit grey to 0...255 rather than scaling it.
            out[0] = out[1] = out[2] = pixel[0] ? 255 : pixel[1];
        } else if (layout->channels < 3) {
            out[0] = out[1] = out[2] = pixel[0];
        } else {
            out[0] = pixel[0];
            out[1] = pixel[size];
            out[2] = pixel[2 * size];
        }
    }
}

int cic_png_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb) {
    decoder d;
    if (open_decoder(&d, bytes, count, header->message)) return 1;
    if (setjmp(png_jmpbuf(d.png))) {
        close_decoder(&d);
        return 1;
    }
    read_info(&d);
    int type = png_get_color_type(d.png, d.info), depth = png_get_bit_depth(d.png, d.info);
    if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(d.png);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_packing(d.png);
    int passes = png_set_interlace_handling(d.png);
    png_read_update_info(d.png, d.info);

    row_layout layout = {.width = header->width, .channels = png_get_channels(d.png, d.info), .deep = depth == 16};
    png_colorp palette = NULL;
    if (type == PNG_COLOR_TYPE_PALETTE && png_get_PLTE(d.png, d.info, &palette, &layout.palette_count)) layout.palette = palette;
    size_t row_bytes = png_get_rowbytes(d.png, d.info);
    int kept = passes > 1 ? (int)header->height : 1;
    d.rows = calloc(kept, row_bytes);
    d.pointers = malloc(sizeof *d.pointers * kept);
    if (!d.rows || !d.pointers || png_get_image_width(d.png, d.info) != header->width || png_get_image_height(d.png, d.info) != header->height) {
        close_decoder(&d);
        return cic_fail(header->message, "not enough memory for the picture");
    }
    for (int y = 0; y < kept; y++) d.pointers[y] = d.rows + row_bytes * y;
    if (passes > 1) png_read_image(d.png, d.pointers);
    for (uint32_t y = 0; y < header->height; y++) {
        if (passes == 1) png_read_row(d.png, d.rows, NULL);
        row_to_rgb(&layout, passes > 1 ? d.pointers[y] : d.rows, rgb + (size_t)header->width * 3 * y);
    }
    close_decoder(&d);
    return 0;
}

typedef struct {
    uint8_t *bytes;
    size_t count, capacity;
} growing_buffer;

static void append(png_structp png, png_bytep bytes, size_t count) {
    growing_buffer *buffer = png_get_io_ptr(png);
    if (buffer->count + count > buffer->capacity) {
        size_t capacity = (buffer->count + count) * 2;
        uint8_t *grown = realloc(buffer->bytes, capacity);
        if (!grown) png_error(png, "not enough memory");
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->count, bytes, count);
    buffer->count += count;
}
static void flush_nothing(png_structp png) { (void)png; }

int cic_encode_png(const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **out, size_t *out_count, char *message) {
    growing_buffer buffer = {0};
    message[0] = 0;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, escape_with_message, stay_silent);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return cic_fail(message, "not enough memory to write a PNG");
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(buffer.bytes);
        return 1;
    }
    png_set_write_fn(png, &buffer, append, flush_nothing);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)width * 3 * y);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *out = buffer.bytes;
    *out_count = buffer.count;
    return 0;
}
