// Antialiased resampling with Pillow's arithmetic: weights in double, rounded to 22 fractional bits, two passes with 8 bits between.
#include "CImageCodecs.h"
#include <math.h>
#include <stdlib.h>

#pragma STDC FP_CONTRACT OFF

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

typedef int32_t pixel __attribute__((vector_size(16)));  // r, g, b, unused

/// One input row to one output row. `wide` is scratch for the row's pixels as 32-bit lanes.
KERNEL static void horizontal(const axis *a, const uint8_t *in, int width, pixel *wide, uint8_t *out, int out_count) {
    for (int x = 0; x < width; x++, in += 3) wide[x] = (pixel){in[0], in[1], in[2], 0};
    for (int i = 0; i < out_count; i++, out += 3) {
        const int32_t *weights = a->weights + (size_t)i * a->taps;
        const pixel *from = wide + a->first[i];
        int32_t half = 1 << (FRACTION_BITS - 1);
        pixel sum = {half, half, half, 0};
        for (int t = 0; t < a->count[i]; t++) sum += from[t] * (pixel){weights[t], weights[t], weights[t], 0};
        for (int channel = 0; channel < 3; channel++) out[channel] = clipped(sum[channel]);
    }
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

/// Scratch of one resampling: a row's pixels in lanes, a row's sums, and the picture between the two passes.
typedef struct {
    pixel *wide;
    int32_t *sums;
    uint8_t *between;
} scratch;

/// Across, then down. Only the input rows that the output reads are scaled.
static int across_then_down(const cic_resampling *p, const axis *across, const axis *down, scratch *s, uint8_t *out) {
    int first = down->first[0], last = down->first[p->crop_height - 1] + down->count[p->crop_height - 1];
    size_t row = (size_t)p->crop_width * 3;
    s->wide = malloc(sizeof(pixel) * (size_t)p->width);
    s->sums = malloc(sizeof(int32_t) * row);
    s->between = malloc(row * (size_t)(last - first + 1));
    if (!s->wide || !s->sums || !s->between) return 1;
    for (int y = first; y < last; y++)
        horizontal(across, p->pixels + p->stride * (size_t)y, p->width, s->wide, s->between + row * (size_t)(y - first), p->crop_width);
    for (int y = 0; y < p->crop_height; y++)
        vertical(down->weights + (size_t)y * down->taps, down->count[y], s->between + row * (size_t)(down->first[y] - first), row, s->sums,
                 out + row * (size_t)y, (int)row);
    return 0;
}

/// Down, then across, a row at a time.
static int down_then_across(const cic_resampling *p, const axis *across, const axis *down, scratch *s, uint8_t *out) {
    size_t row = (size_t)p->width * 3;
    s->wide = malloc(sizeof(pixel) * (size_t)p->width);
    s->sums = malloc(sizeof(int32_t) * row);
    s->between = malloc(row);
    if (!s->wide || !s->sums || !s->between) return 1;
    for (int y = 0; y < p->crop_height; y++) {
        vertical(down->weights + (size_t)y * down->taps, down->count[y], p->pixels + p->stride * (size_t)down->first[y], p->stride, s->sums,
                 s->between, (int)row);
        horizontal(across, s->between, p->width, s->wide, out + (size_t)p->crop_width * 3 * (size_t)y, p->crop_width);
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
    free_axis(&across);
    free_axis(&down);
    return failed;
}
