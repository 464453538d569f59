#include "VectorKernels.h"
#include "formats.h"
#include "gelu.h"
#include <math.h>

KERNEL void vk_layer_norm_operand(const float *x, const float *weight, const float *bias, float epsilon, int64_t rows, int64_t d,
                                  int32_t format, void *y, uint16_t *hat, uint8_t *rest, float *scales) {
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + r * d;
        lanes sum = {};
        EACH(d) sum += READ_32(row + i, left);
        float m = FOLD(sum) / (float)d;
        lanes squares = {}, most = {};
        int64_t whole = d & ~(int64_t)(WIDTH - 1);
        for (int64_t i = 0; i < whole; i += WIDTH) {
            lanes c = LOAD(row + i) - m;
            squares += c * c;
            most = LARGER_SIZE(most, c);
        }
        float tail = 0;
        for (int64_t i = whole; i < d; i++) {
            float c = row[i] - m;
            tail += c * c;
            most[i - whole] = fabsf(c) > most[i - whole] ? fabsf(c) : most[i - whole];
        }
        float s = 1.0f / sqrtf((FOLD(squares) + tail) / (float)d + epsilon);
        float step = fixed_step((const float *)&most, rest) * s, rate = per_step(step);
        if (scales) {
            scales[2 * r] = s;
            scales[2 * r + 1] = step;
        }
        void *to = operand_row(y, format, d, r);
        EACH(d) {
            lanes v = (READ_32(row + i, left) - m) * s;
            if (hat) STORE_FIXED(v, rate, hat, rest, r * d + i, left);
            STORE_OPERAND(to, format, i, v * READ_32(weight + i, left) + READ_32(bias + i, left), left);
        }
    }
}
KERNEL void vk_layer_norm_hat_backward(const float *dy, const uint16_t *hat, const uint8_t *rest, const float *scales, const float *weight,
                                       const float *more, int64_t rows, int64_t d, float *dx, float *sums) {
    for (int64_t r = 0; r < rows; r++) {
        const float *g = dy + r * d;
        float s = scales[2 * r], step = scales[2 * r + 1];
        lanes sum = {}, product = {};
        EACH(d) {
            lanes gw = READ_32(g + i, left);
            if (sums) WRITE_32(sums + i, READ_32(sums + i, left) + gw, left);
            gw *= READ_32(weight + i, left);
            sum += gw;
            product += gw * READ_FIXED(step, hat, rest, r * d + i, left);
        }
        float a = FOLD(sum) / (float)d, b = FOLD(product) / (float)d;
        EACH(d) {
            lanes v = (READ_32(g + i, left) * READ_32(weight + i, left) - a - READ_FIXED(step, hat, rest, r * d + i, left) * b) * s;
            if (more) v += READ_32(more + r * d + i, left);
            WRITE_32(dx + r * d + i, v, left);
        }
    }
}

// A derivative of GELU lies between -0.14 and 1.14: of a fixed range 24 bits keep it to 1e-7, as f32 itself would, and 16 to 1.2e-5.
#define SLOPE_STEP(rest) (1.5f / ((rest) ? 16777215 : 65535))
#define SLOPE_MIDDLE 0.5f

KERNEL void vk_gelu_operand(const float *z, int64_t rows, int64_t d, int quick, int32_t format, void *y, uint16_t *slope, uint8_t *rest) {
    for (int64_t r = 0; r < rows; r++) {
        void *row = operand_row(y, format, d, r);
        EACH(d) {
            lanes v = READ_32(z + r * d + i, left), result, derivative;
            if (quick) {
                lanes s = 1.0f / (1.0f + EXP(v * -1.702f));
                result = v * s;
                derivative = s + 1.702f * v * s * (1.0f - s);
            } else if (format == 1) {
                NEARLY_NORMAL(v, bounded, cumulative, slopes);
                result = bounded * cumulative;
                derivative = slopes;
            } else {
                NORMAL(v, density, cumulative);
                result = v * cumulative;
                derivative = cumulative + v * density * 0.39894228f;
            }
            STORE_OPERAND(row, format, i, result, left);
            if (slope) STORE_FIXED(derivative - SLOPE_MIDDLE, 1 / SLOPE_STEP(rest), slope, rest, r * d + i, left);
        }
    }
}
KERNEL void vk_slope_operand(const float *dy, const uint16_t *slope, const uint8_t *rest, int64_t rows, int64_t d, int32_t format, void *dz, float *sums) {
    for (int64_t r = 0; r < rows; r++) {
        void *row = operand_row(dz, format, d, r);
        EACH(d) {
            lanes v = READ_32(dy + r * d + i, left) * (READ_FIXED(SLOPE_STEP(rest), slope, rest, r * d + i, left) + SLOPE_MIDDLE);
            if (sums) WRITE_32(sums + i, READ_32(sums + i, left) + v, left);
            STORE_OPERAND(row, format, i, v, left);
        }
    }
}

// Columns `from` to `ld` of a row of probabilities: what a product reads there counts nothing.
#define CLEAR_TAIL(row, format, from, ld) \
    memset((char *)(row) + (from) * ((format) == 0 ? 4 : 2), 0, (size_t)((ld) - (from)) * ((format) == 0 ? 4 : 2))

KERNEL void vk_softmax(float *s, int64_t rows, int64_t cols, int64_t ld, float scale, float *lse, int32_t format, void *p) {
    int64_t whole = cols & ~(int64_t)(WIDTH - 1);
    for (int64_t r = 0; r < rows; r++) {
        float *row = s + r * ld;
        void *to = operand_row(p, format, ld, r);
        lanes top = SPLAT(-INFINITY);
        for (int64_t i = 0; i < whole; i += WIDTH) top = LARGER(top, LOAD(row + i));
        float max = -INFINITY;
        for (int k = 0; k < WIDTH; k++) max = top[k] > max ? top[k] : max;
        for (int64_t i = whole; i < cols; i++) max = row[i] > max ? row[i] : max;
        max *= scale;
        lanes sum = {};
        for (int64_t i = 0; i < whole; i += WIDTH) {
            lanes e = EXP(LOAD(row + i) * scale - max);
            STORE(row + i, e);
            sum += e;
        }
        if (whole < cols) {
            int64_t left = cols - whole;
            lanes e = EXP(LOAD_TAIL(row + whole, left) * scale - max), kept = {};
            memcpy(&kept, &e, (size_t)left * sizeof(float));
            STORE_TAIL(row + whole, kept, left);
            sum += kept;
        }
        float total = FOLD(sum), inverse = 1.0f / total;
        lse[r] = max + logf(total);
        EACH(cols) STORE_OPERAND(to, format, i, READ_32(row + i, left) * inverse, left);
        CLEAR_TAIL(to, format, cols, ld);
    }
}
KERNEL void vk_softmax_slopes(float *s, float *dp, int64_t rows, int64_t cols, int64_t ld, float scale, const float *lse, const float *delta,
                              int32_t format, void *p, void *ds) {
    for (int64_t r = 0; r < rows; r++) {
        float *row = s + r * ld, *slopes = dp + r * ld, l = lse[r];
        void *to = operand_row(p, format, ld, r), *slopes_to = operand_row(ds, format, ld, r);
        lanes sum = {};
        EACH(cols) {
            lanes e = EXP(READ_32(row + i, left) * scale - l);
            WRITE_32(row + i, e, left);
            if (format != 0) STORE_OPERAND(to, format, i, e, left);
            sum += e * READ_32(slopes + i, left);
        }
        float d = delta ? delta[r] : FOLD(sum);
        EACH(cols) STORE_OPERAND(slopes_to, format, i, scale * READ_32(row + i, left) * (READ_32(slopes + i, left) - d), left);
        CLEAR_TAIL(to, format, cols, ld);
        CLEAR_TAIL(slopes_to, format, cols, ld);
    }
}
