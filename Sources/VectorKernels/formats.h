// Sixteen-bit formats beside the lanes of f32.
#pragma once
#include "lanes.h"

typedef uint32_t ulanes __attribute__((vector_size(64)));
typedef uint16_t hlanes __attribute__((vector_size(32)));
typedef uint8_t blanes __attribute__((vector_size(16)));
typedef _Float16 flanes __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

// bf16 is the upper half of f32, rounded to the nearest even.
#define TO_BF16(v) ({ \
    ulanes u_ = (ulanes)(v); \
    u_ = (u_ + 0x7FFFu + ((u_ >> 16) & 1u)) >> 16; \
    __builtin_convertvector(u_, hlanes); })
#define FROM_BF16(h) ((lanes)(__builtin_convertvector((h), ulanes) << 16))

#define READ_16(type, p, left) ({ \
    type r_ = {}; \
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
