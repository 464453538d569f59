#include "VectorKernels.h"
#include "lanes.h"
#include <math.h>

// Each row of d values is read in whole lanes and one zero-padded tail.
#define EACH_LANE(d, body) \
    for (int64_t i = 0; i < (d); i += WIDTH) { \
        int64_t left = (d) - i < WIDTH ? (d) - i : WIDTH; \
        body \
    }
#define READ(p) (left == WIDTH ? LOAD((p) + i) : LOAD_TAIL((p) + i, left))
#define WRITE(p, v) do { if (left == WIDTH) STORE((p) + i, v); else STORE_TAIL((p) + i, v, left); } while (0)

KERNEL void vk_layer_norm(const float *x, const float *weight, const float *bias, float epsilon, int64_t rows, int64_t d,
                          float *y, float *mean, float *rstd) {
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + r * d;
        lanes sum = {};
        EACH_LANE(d, sum += READ(row);)
        float m = FOLD(sum) / (float)d;
        lanes squares = {};
        int64_t i = 0;
        for (; i + WIDTH <= d; i += WIDTH) { lanes c = LOAD(row + i) - m; squares += c * c; }
        float tail = 0;
        for (; i < d; i++) tail += (row[i] - m) * (row[i] - m);
        float s = 1.0f / sqrtf((FOLD(squares) + tail) / (float)d + epsilon);
        mean[r] = m;
        rstd[r] = s;
        EACH_LANE(d, WRITE(y + r * d, (READ(row) - m) * s * READ(weight) + READ(bias));)
    }
}
KERNEL void vk_layer_norm_backward(const float *dy, const float *x, const float *weight, const float *mean, const float *rstd,
                                   int64_t rows, int64_t d, float *dx) {
    for (int64_t r = 0; r < rows; r++) {
        const float *g = dy + r * d, *row = x + r * d;
        float m = mean[r], s = rstd[r];
        lanes sum = {}, product = {};
        EACH_LANE(d, lanes gw = READ(g) * READ(weight); sum += gw; product += gw * ((READ(row) - m) * s);)
        float a = FOLD(sum) / (float)d, b = FOLD(product) / (float)d;
        EACH_LANE(d, lanes hat = (READ(row) - m) * s; WRITE(dx + r * d, (READ(g) * READ(weight) - a - hat * b) * s);)
    }
}
KERNEL void vk_layer_norm_parameters(const float *dy, const float *x, const float *mean, const float *rstd, int64_t rows,
                                     int64_t d, float *dweight, float *dbias) {
    for (int64_t r = 0; r < rows; r++) {
        const float *g = dy + r * d, *row = x + r * d;
        float m = mean[r], s = rstd[r];
        if (dweight) for (int64_t i = 0; i < d; i++) dweight[i] += g[i] * ((row[i] - m) * s);
        if (dbias) for (int64_t i = 0; i < d; i++) dbias[i] += g[i];
    }
}

KERNEL void vk_row_dots(const float *a, int64_t lda, const float *b, int64_t ldb, int64_t rows, int64_t d, float *out) {
    for (int64_t r = 0; r < rows; r++) {
        lanes sum = {};
        EACH_LANE(d, sum += READ(a + r * lda) * READ(b + r * ldb);)
        out[r] = FOLD(sum);
    }
}
