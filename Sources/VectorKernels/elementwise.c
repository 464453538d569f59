#include "VectorKernels.h"
#include "gelu.h"
#include "lanes.h"

KERNEL void vk_fill(float *y, float value, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] = value;
}
KERNEL void vk_add(float *y, const float *x, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] += x[i];
}
KERNEL void vk_axpy(float *y, float a, const float *x, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] += a * x[i];
}
KERNEL void vk_scale(float *y, float a, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] *= a;
}

KERNEL float vk_dot(const float *a, const float *b, int64_t n) {
    lanes sum = {};
    int64_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) sum += LOAD(a + i) * LOAD(b + i);
    if (i < n) sum += LOAD_TAIL(a + i, n - i) * LOAD_TAIL(b + i, n - i);
    return FOLD(sum);
}
KERNEL float vk_sum(const float *a, int64_t n) {
    lanes sum = {};
    int64_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) sum += LOAD(a + i);
    if (i < n) sum += LOAD_TAIL(a + i, n - i);
    return FOLD(sum);
}
KERNEL int vk_all_finite(const float *a, int64_t n) {
    int finite = 1;
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, a + i, sizeof bits);
        finite &= (bits & 0x7F800000u) != 0x7F800000u;
    }
    return finite;
}

KERNEL void vk_broadcast_row(float *y, const float *bias, const float *residual, int64_t rows, int64_t d) {
    for (int64_t r = 0; r < rows; r++) {
        float *row = y + r * d;
        if (residual) {
            const float *more = residual + r * d;
            for (int64_t i = 0; i < d; i++) row[i] = bias[i] + more[i];
        } else {
            memcpy(row, bias, (size_t)d * sizeof(float));
        }
    }
}
KERNEL void vk_column_sums(const float *x, int64_t rows, int64_t d, int64_t ld, float *out) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < d; i++) out[i] += x[r * ld + i];
}

KERNEL void vk_gelu(const float *x, float *y, int64_t n) {
    for (int64_t i = 0; i < n; i += WIDTH) {
        int64_t left = n - i < WIDTH ? n - i : WIDTH;
        lanes v = left == WIDTH ? LOAD(x + i) : LOAD_TAIL(x + i, left);
        NORMAL(v, density, cumulative);
        (void)density;
        if (left == WIDTH) STORE(y + i, v * cumulative);
        else STORE_TAIL(y + i, v * cumulative, left);
    }
}
KERNEL void vk_gelu_backward(const float *x, const float *dy, float *dx, int64_t n) {
    for (int64_t i = 0; i < n; i += WIDTH) {
        int64_t left = n - i < WIDTH ? n - i : WIDTH;
        lanes v = left == WIDTH ? LOAD(x + i) : LOAD_TAIL(x + i, left);
        lanes g = left == WIDTH ? LOAD(dy + i) : LOAD_TAIL(dy + i, left);
        NORMAL(v, density, cumulative);
        g = g * (cumulative + v * density * 0.39894228f);
        if (left == WIDTH) STORE(dx + i, g);
        else STORE_TAIL(dx + i, g, left);
    }
}

// x sigma(1.702 x) and its derivative s + 1.702 x s (1 - s).
KERNEL void vk_quick_gelu(const float *x, float *y, int64_t n) {
    for (int64_t i = 0; i < n; i += WIDTH) {
        int64_t left = n - i < WIDTH ? n - i : WIDTH;
        lanes v = left == WIDTH ? LOAD(x + i) : LOAD_TAIL(x + i, left);
        lanes result = v / (1.0f + EXP(v * -1.702f));
        if (left == WIDTH) STORE(y + i, result);
        else STORE_TAIL(y + i, result, left);
    }
}
KERNEL void vk_quick_gelu_backward(const float *x, const float *dy, float *dx, int64_t n) {
    for (int64_t i = 0; i < n; i += WIDTH) {
        int64_t left = n - i < WIDTH ? n - i : WIDTH;
        lanes v = left == WIDTH ? LOAD(x + i) : LOAD_TAIL(x + i, left);
        lanes g = left == WIDTH ? LOAD(dy + i) : LOAD_TAIL(dy + i, left);
        lanes s = 1.0f / (1.0f + EXP(v * -1.702f));
        g = g * (s + 1.702f * v * s * (1.0f - s));
        if (left == WIDTH) STORE(dx + i, g);
        else STORE_TAIL(dx + i, g, left);
    }
}

KERNEL void vk_sgd(float *value, const float *gradient, float *momentum_buffer, int first, float rate, float momentum,
                   float decay, int nesterov, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        float g = gradient[i] + decay * value[i];
        if (momentum_buffer) {
            float b = first ? g : momentum * momentum_buffer[i] + g;
            momentum_buffer[i] = b;
            g = nesterov ? g + momentum * b : b;
        }
        value[i] -= rate * g;
    }
}
