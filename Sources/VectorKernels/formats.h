// Sixteen-bit formats beside the lanes of f32.
#pragma once
#include "lanes.h"

typedef uint32_t ulanes __attribute__((vector_size(64)));
typedef uint16_t hlanes __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

// bf16 is the upper half of f32, rounded to the nearest even.
#define TO_BF16(v) ({ \
    ulanes u_ = (ulanes)(v); \
    u_ = (u_ + 0x7FFFu + ((u_ >> 16) & 1u)) >> 16; \
    __builtin_convertvector(u_, hlanes); })
#define FROM_BF16(h) ((lanes)(__builtin_convertvector((h), ulanes) << 16))

// 16 bits of fixed point, `step` from value to value.
#define TO_FIXED(v, per_step) __builtin_convertvector(__builtin_convertvector((v) * (per_step) + 32768.5f, ilanes), hlanes)
#define FROM_FIXED(h, step) ((__builtin_convertvector(__builtin_convertvector((h), ilanes), lanes) - 32768.0f) * (step))
#define LARGER_SIZE(most, v) LARGER(most, (lanes)((ilanes)(v) & 0x7FFFFFFF))
// The step for values of which none is larger than one of these; 0 where they are too small for one.
INLINE float fixed_step(const float most[16]) {
    float largest = 0;
    for (int i = 0; i < 16; i++) largest = most[i] > largest ? most[i] : largest;
    return largest > 1e-30f ? largest / 32767 : 0;
}
INLINE float per_step(float step) { return step > 0 ? 1 / step : 0; }

#define READ_16(p, left) ({ \
    hlanes r_ = {}; \
    if ((left) == WIDTH) memcpy(&r_, (p), sizeof r_); else memcpy(&r_, (p), (size_t)(left) * 2); \
    r_; })
#define WRITE_16(p, v, left) do { \
    __typeof__(v) w_ = (v); \
    if ((left) == WIDTH) memcpy((p), &w_, sizeof w_); else memcpy((p), &w_, (size_t)(left) * 2); } while (0)

#define READ_32(p, left) ((left) == WIDTH ? LOAD(p) : LOAD_TAIL(p, left))
#define WRITE_32(p, v, left) do { if ((left) == WIDTH) STORE(p, v); else STORE_TAIL(p, v, left); } while (0)

#define EACH(d) for (int64_t i = 0, left; left = (d) - i < WIDTH ? (d) - i : WIDTH, i < (d); i += WIDTH)

// Columns i ... of a row as a product reads it: f32, bf16, or two matrices of `size` values in bf16 (high, low).
// A macro: a vector argument would tie a function to one instruction set.
#define STORE_OPERAND(row, format, size, i, value, left) do { \
    lanes v_ = (value); \
    if ((format) == 0) { WRITE_32((float *)(row) + (i), v_, left); break; } \
    uint16_t *half_ = (uint16_t *)(row) + (i); \
    hlanes high_ = TO_BF16(v_); \
    WRITE_16(half_, high_, left); \
    if ((format) == 2) { \
        hlanes low_ = TO_BF16(v_ - FROM_BF16(high_)); \
        WRITE_16(half_ + (size), low_, left); \
    } } while (0)
INLINE void *operand_row(void *y, int32_t format, int64_t d, int64_t r) {
    return (char *)y + r * d * (format == 0 ? 4 : 2);
}
