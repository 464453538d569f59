// What only a processor with vectors of 512 bits has: their target, 16 x 16 values turned over, and powers of two.
#pragma once
#include "lanes.h"
#include <immintrin.h>
#include <math.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define WIDE_PART static inline __attribute__((always_inline)) WIDE

#define UP(n, to) (((n) + (to) - 1) / (to) * (to))

// The first `count` lanes; none below 1, all from 16.
WIDE_PART __mmask16 lanes_mask(int64_t count) { return count >= 16 ? 0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1); }

WIDE_PART lanes masked(lanes v, int64_t count) { return (lanes)_mm512_maskz_mov_ps(lanes_mask(count), (__m512)v); }

#define LOG2_E 1.44269504f
#define LN_2 0.693147181f

// 2^y, y at most 1: 2^r by our own minimax fit of degree 5 for r = y - floor(y), 1.5e-7 relative in f32.
WIDE_PART lanes power(lanes y) {
    __m512 x = _mm512_min_ps(_mm512_set1_ps(1), (__m512)y);  // NaN stays: min gives its second operand then
    lanes r = (lanes)_mm512_reduce_ps(x, 0x09);
    lanes v = SPLAT(0.00187757669f);
    v = v * r + 0.00898933969f; v = v * r + 0.0558263175f; v = v * r + 0.240153611f; v = v * r + 0.693153083f; v = v * r + 0.99999994f;
    return (lanes)_mm512_scalef_ps((__m512)v, x);
}

// The largest of a row of scores.
WIDE_PART float largest(const float *row, int64_t count) {
    lanes top = SPLAT(-INFINITY);
    int64_t whole = count & ~15;
    for (int64_t i = 0; i < whole; i += 16) top = (lanes)_mm512_max_ps((__m512)top, (__m512)LOAD(row + i));
    if (whole < count) top = (lanes)_mm512_mask_max_ps((__m512)top, lanes_mask(count - whole), (__m512)top, _mm512_maskz_loadu_ps(lanes_mask(count - whole), row + whole));
    return _mm512_reduce_max_ps((__m512)top);
}

WIDE_PART void transpose(__m512i r[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 8; i++) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    }
}
