// Antialiased resampling with Pillow's arithmetic: weights in double, rounded to 22 fractional bits, two passes with 8 bits between.
#include "CImageCodecs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

// The loader chooses between clones before ThreadSanitizer is ready for it, so under that there is one.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define KERNEL
#endif

enum { FRACTION_BITS = 32 - 8 - 2 };

static double triangle(double x) {
    x = fabs(x);
    return x < 1 ? 1 - x : 0;
}

// Keys' cubic convolution kernel with a = -0.5.
static double cubic(double x) {
    x = fabs(x);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
    return 0;
}

/// For each output position the first input position, the number of inputs, and their fixed-point weights.
typedef struct {
    int taps;  // weights stored a position
    int *first, *count;
    int32_t *weights;
} axis;

static void free_axis(axis *a) {
    free(a->first);
    free(a->count);
    free(a->weights);
}

/// Weights of output positions `out_first ..< out_first + out_count` of the `out_size` that [low, high) of `in_size` is scaled to.
static int make_axis(axis *a, int in_size, float low, float high, int out_size, int out_first, int out_count, cic_filter filter) {
    double (*weight)(double) = filter == CIC_BICUBIC ? cubic : triangle;
    double scale = (double)(high - low) / out_size;
    double filter_scale = scale < 1 ? 1 : scale;  // a filter is widened to shrink, never narrowed to enlarge
    double support = (filter == CIC_BICUBIC ? 2.0 : 1.0) * filter_scale;
    double inverse = 1.0 / filter_scale;
    a->taps = (int)ceil(support) * 2 + 1;
    a->first = malloc(sizeof(int) * (size_t)out_count);
    a->count = malloc(sizeof(int) * (size_t)out_count);
    a->weights = calloc((size_t)out_count * (size_t)a->taps, sizeof(int32_t));
    double *row = malloc(sizeof(double) * (size_t)a->taps);
    if (!a->first || !a->count || !a->weights || !row) {
        free(row);
        return 1;
    }
    for (int i = 0; i < out_count; i++) {
        double center = low + (out_first + i + 0.5) * scale;
        int from = (int)(center - support + 0.5), to = (int)(center + support + 0.5);
        if (from < 0) from = 0;
        if (to > in_size) to = in_size;
        double total = 0;
        for (int t = 0; t < to - from; t++) {
            row[t] = weight((t + from - center + 0.5) * inverse);
            total += row[t];
        }
        for (int t = 0; t < to - from; t++) {
            double share = total != 0 ? row[t] / total : row[t];
            a->weights[(size_t)i * a->taps + t] = (int32_t)((share < 0 ? -0.5 : 0.5) + share * (1 << FRACTION_BITS));
        }
        a->first[i] = from;
        a->count[i] = to - from;
    }
    free(row);
    return 0;
}

static inline uint8_t clipped(int32_t sum) {
    sum >>= FRACTION_BITS;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

enum { ROWS = 4 };  // that are scaled across together
typedef int32_t pixels __attribute__((vector_size(64)));  // r, g, b, unused of ROWS rows
typedef uint8_t samples __attribute__((vector_size(16)));

/// ROWS input rows, `in_stride` bytes apart and readable over the columns that the output reads, to as many output rows. `wide` is
/// scratch for their pixels as 32-bit lanes; a column is then one register, and a weight does its work for all rows at once.
KERNEL static void horizontal(const axis *a, const uint8_t *in, size_t in_stride, pixels *wide, uint8_t *out, size_t out_stride, int out_count) {
    int first = a->first[0], last = a->first[out_count - 1] + a->count[out_count - 1];
    for (int x = first; x < last; x++) {
        // Three bytes by two and one: a fourth would lie behind the last pixel of a picture.
        uint32_t lanes[ROWS];
        for (int row = 0; row < ROWS; row++) {
            const uint8_t *from = in + in_stride * (size_t)row + 3 * (size_t)x;
            uint16_t low;
            memcpy(&low, from, sizeof low);
            lanes[row] = low | (uint32_t)from[2] << 16;
        }
        samples bytes;
        memcpy(&bytes, lanes, sizeof bytes);
        wide[x] = __builtin_convertvector(bytes, pixels);
    }
    pixels half = (pixels){} + (1 << (FRACTION_BITS - 1));
    for (int i = 0; i < out_count; i++) {
        const int32_t *weights = a->weights + (size_t)i * a->taps;
        const pixels *from = wide + a->first[i];
        pixels sum = half;
        for (int t = 0; t < a->count[i]; t++) sum += from[t] * weights[t];
        sum >>= FRACTION_BITS;
        pixels over = sum > 255;
        samples bytes = __builtin_convertvector((sum & (sum > 0) & ~over) | (over & 255), samples);
        uint32_t lanes[ROWS];
        memcpy(lanes, &bytes, sizeof lanes);
        // The fourth byte is overwritten by the next pixel; the last one has none.
        uint8_t *to = out + 3 * (size_t)i;
        if (i + 1 < out_count) {
            for (int row = 0; row < ROWS; row++) memcpy(to + out_stride * (size_t)row, &lanes[row], 4);
        } else {
            for (int row = 0; row < ROWS; row++) memcpy(to + out_stride * (size_t)row, &lanes[row], 3);
        }
    }
}

/// `count` rows of which the last ones may be fewer than ROWS: those are scaled from and to `spare`, ROWS rows of each.
static void horizontal_rows(const axis *a, const uint8_t *in, size_t in_stride, pixels *wide, uint8_t *out, size_t out_stride, int out_count, int count,
                            uint8_t *spare_in, uint8_t *spare_out) {
    size_t from = 3 * (size_t)a->first[0], bytes = 3 * (size_t)(a->first[out_count - 1] + a->count[out_count - 1]) - from;
    int y = 0;
    for (; y + ROWS <= count; y += ROWS) horizontal(a, in + in_stride * (size_t)y, in_stride, wide, out + out_stride * (size_t)y, out_stride, out_count);
    if (y == count) return;
    size_t spare_stride = from + bytes;
    for (int row = 0; row < ROWS; row++) {
        int source = y + row < count ? y + row : count - 1;
        memcpy(spare_in + spare_stride * (size_t)row + from, in + in_stride * (size_t)source + from, bytes);
    }
    horizontal(a, spare_in, spare_stride, wide, spare_out, 3 * (size_t)out_count, out_count);
    for (int row = 0; y + row < count; row++) memcpy(out + out_stride * (size_t)(y + row), spare_out + 3 * (size_t)(out_count * row), 3 * (size_t)out_count);
}

/// `count` input rows, `stride` bytes apart, to one output row of `samples` bytes. `sums` is scratch.
KERNEL static void vertical(const int32_t *weights, int count, const uint8_t *in, size_t stride, int32_t *sums, uint8_t *out, int samples) {
    for (int s = 0; s < samples; s++) sums[s] = 1 << (FRACTION_BITS - 1);
    for (int t = 0; t < count; t++, in += stride)
        for (int s = 0; s < samples; s++) sums[s] += in[s] * weights[t];
    for (int s = 0; s < samples; s++) out[s] = clipped(sums[s]);
}

/// Pillow 13 goes down first where the height loses more than twice as many pixels as the width (its pull request 9549; the rule
/// was found by comparing results); before 13 it always went across first. The order shows in the last bit, since 8 bits are kept in
/// between. Sizes are those of the picture, not of the box.
static int is_down_first(const cic_resampling *p) {
    int lost_height = p->height - p->out_height, lost_width = p->width - p->out_width;
    return lost_height > 0 && lost_height > 2 * lost_width;
}

/// Scratch of one resampling: rows' pixels in lanes, a row's sums, the picture between the two passes, and rows to fill up with.
typedef struct {
    pixels *wide;
    int32_t *sums;
    uint8_t *between, *spare_in, *spare_out;
} scratch;

static int allocate(scratch *s, const cic_resampling *p, size_t samples_down, size_t between) {
    size_t wide = sizeof(pixels) * (size_t)p->width;
    s->wide = aligned_alloc(sizeof(pixels), wide);
    s->sums = malloc(sizeof(int32_t) * samples_down);
    s->between = malloc(between);
    s->spare_in = malloc(3 * (size_t)p->width * ROWS);
    s->spare_out = malloc(3 * (size_t)p->crop_width * ROWS);
    return !s->wide || !s->sums || !s->between || !s->spare_in || !s->spare_out;
}

/// Across, then down. Only the input rows that the output reads are scaled.
static int across_then_down(const cic_resampling *p, const axis *across, const axis *down, scratch *s, uint8_t *out) {
    int first = down->first[0], last = down->first[p->crop_height - 1] + down->count[p->crop_height - 1];
    size_t row = (size_t)p->crop_width * 3;
    if (allocate(s, p, row, row * (size_t)(last - first + 1))) return 1;
    horizontal_rows(across, p->pixels + p->stride * (size_t)first, p->stride, s->wide, s->between, row, p->crop_width, last - first, s->spare_in, s->spare_out);
    for (int y = 0; y < p->crop_height; y++)
        vertical(down->weights + (size_t)y * down->taps, down->count[y], s->between + row * (size_t)(down->first[y] - first), row, s->sums,
                 out + row * (size_t)y, (int)row);
    return 0;
}

/// Down, then across, some rows at a time. Only the columns that the output reads are scaled.
static int down_then_across(const cic_resampling *p, const axis *across, const axis *down, scratch *s, uint8_t *out) {
    size_t row = (size_t)p->width * 3, left = 3 * (size_t)across->first[0];
    size_t read = 3 * (size_t)(across->first[p->crop_width - 1] + across->count[p->crop_width - 1]) - left;
    if (allocate(s, p, read, row * ROWS)) return 1;
    for (int y = 0; y < p->crop_height; y += ROWS) {
        int rows = p->crop_height - y < ROWS ? p->crop_height - y : ROWS;
        for (int r = 0; r < rows; r++)
            vertical(down->weights + (size_t)(y + r) * down->taps, down->count[y + r], p->pixels + p->stride * (size_t)down->first[y + r] + left, p->stride,
                     s->sums, s->between + row * (size_t)r + left, (int)read);
        horizontal_rows(across, s->between, row, s->wide, out + (size_t)p->crop_width * 3 * (size_t)y, (size_t)p->crop_width * 3, p->crop_width, rows,
                        s->spare_in, s->spare_out);
    }
    return 0;
}

int cic_resample(const cic_resampling *p, uint8_t *out) {
    axis across = {0}, down = {0};
    scratch s = {0};
    int failed = make_axis(&across, p->width, p->box[0], p->box[2], p->out_width, p->crop_left, p->crop_width, p->filter)
        || make_axis(&down, p->height, p->box[1], p->box[3], p->out_height, p->crop_top, p->crop_height, p->filter)
        || (is_down_first(p) ? down_then_across : across_then_down)(p, &across, &down, &s, out);
    free(s.wide);
    free(s.sums);
    free(s.between);
    free(s.spare_in);
    free(s.spare_out);
    free_axis(&across);
    free_axis(&down);
    return failed;
}
