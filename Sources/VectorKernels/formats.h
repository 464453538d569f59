// Sixteen-bit formats beside the lanes of f32.
#pragma once
#include "lanes.h"

typedef uint32_t ulanes __attribute__((vector_size(64)));
typedef uint8_t blanes __attribute__((vector_size(16)));
typedef uint16_t hlanes __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

// bf16 is the upper half of f32, rounded to the nearest even.
#define TO_BF16(v) ({ \
    ulanes u_ = (ulanes)(v); \
    u_ = (u_ + 0x7FFFu + ((u_ >> 16) & 1u)) >> 16; \
    __builtin_convertvector(u_, hlanes); })
#define FROM_BF16(h) ((lanes)(__builtin_convertvector((h), ulanes) << 16))

// Fixed point in two planes: the upper 16 of 24 bits and the rest, or without the rest 16 bits; the middle is 0. `step` is from value to value.
#define FIXED_MIDDLE(rest) ((rest) ? 8388608.0f : 32768.0f)
// A sum as large as 24 bits has no fraction: it is rounded already.
#define STORE_FIXED(v, per_step, upper, rest, at, left) do { \
    ilanes q_ = __builtin_convertvector((v) * (per_step) + ((rest) ? 8388608.0f : 32768.5f), ilanes); \
    if (rest) { \
        WRITE_8((rest) + (at), __builtin_convertvector(q_ & 255, blanes), left); \
        q_ >>= 8; \
    } \
    WRITE_16((upper) + (at), __builtin_convertvector(q_, hlanes), left); } while (0)
#define READ_FIXED_BITS(upper, rest, at, left) ({ \
    ilanes q_ = __builtin_convertvector(READ_16((upper) + (at), left), ilanes); \
    if (rest) q_ = q_ << 8 | __builtin_convertvector(READ_8((rest) + (at), left), ilanes); \
    __builtin_convertvector(q_, lanes); })
#define READ_FIXED(step, upper, rest, at, left) ((READ_FIXED_BITS(upper, rest, at, left) - FIXED_MIDDLE(rest)) * (step))
#define LARGER_SIZE(most, v) LARGER(most, (lanes)((ilanes)(v) & 0x7FFFFFFF))
// The step for values of which none is larger than one of these; 0 where they are too small for one. A few steps are left over for what
// rounding adds to the largest.
INLINE float fixed_step(const float most[16], const uint8_t *rest) {
    float largest = 0;
    for (int i = 0; i < 16; i++) largest = most[i] > largest ? most[i] : largest;
    return largest > 1e-30f ? largest / (rest ? 8388600 : 32767) : 0;
}
INLINE float per_step(float step) { return step > 0 ? 1 / step : 0; }

#define READ_16(p, left) ({ \
    hlanes r_ = {}; \
    if ((left) == WIDTH) memcpy(&r_, (p), sizeof r_); else memcpy(&r_, (p), (size_t)(left) * 2); \
    r_; })
#define WRITE_16(p, v, left) do { \
    __typeof__(v) w_ = (v); \
    if ((left) == WIDTH) memcpy((p), &w_, sizeof w_); else memcpy((p), &w_, (size_t)(left) * 2); } while (0)

#define READ_8(p, left) ({ \
    blanes r_ = {}; \
    if ((left) == WIDTH) memcpy(&r_, (p), sizeof r_); else memcpy(&r_, (p), (size_t)(left)); \
    r_; })
#define WRITE_8(p, v, left) do { \
    blanes w_ = (v); \
    if ((left) == WIDTH) memcpy((p), &w_, sizeof w_); else memcpy((p), &w_, (size_t)(left)); } while (0)

#define READ_32(p, left) ((left) == WIDTH ? LOAD(p) : LOAD_TAIL(p, left))
#define WRITE_32(p, v, left) do { if ((left) == WIDTH) STORE(p, v); else STORE_TAIL(p, v, left); } while (0)

#define EACH(d) for (int64_t i = 0, left; left = (d) - i < WIDTH ? (d) - i : WIDTH, i < (d); i += WIDTH)

// Columns i ... of a row as a product reads it: f32, or bf16. A macro: a vector argument would tie a function to one instruction set.
#define STORE_OPERAND(row, format, i, value, left) do { \
    lanes v_ = (value); \
    if ((format) == 0) WRITE_32((float *)(row) + (i), v_, left); \
    else WRITE_16((uint16_t *)(row) + (i), TO_BF16(v_), left); } while (0)
INLINE void *operand_row(void *y, int32_t format, int64_t d, int64_t r) {
    return (char *)y + r * d * (format == 0 ? 4 : 2);
}
