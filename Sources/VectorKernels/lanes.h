// Sixteen lanes of f32, whatever the instruction set: the compiler splits them into the registers it has.
#pragma once
#include <stdint.h>
#include <string.h>

#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
// ThreadSanitizer's start-up comes after the choice at load would be made, and crashes on it.
#if !defined(__x86_64__) || __has_feature(thread_sanitizer)
#undef KERNEL
#define KERNEL
#endif

typedef float lanes __attribute__((vector_size(64)));
typedef int32_t ilanes __attribute__((vector_size(64)));
#define WIDTH 16

#pragma clang diagnostic ignored "-Wpsabi"

#define LOAD(p) ({ lanes load_; memcpy(&load_, (p), sizeof load_); load_; })
#define STORE(p, v) do { lanes store_ = (v); memcpy((p), &store_, sizeof store_); } while (0)
#define SPLAT(x) ((lanes){} + (float)(x))
// The tail of a row: `count` values, the other lanes zero.
#define LOAD_TAIL(p, count) ({ lanes tail_ = {}; memcpy(&tail_, (p), (size_t)(count) * sizeof(float)); tail_; })
#define STORE_TAIL(p, v, count) do { lanes tail_ = (v); memcpy((p), &tail_, (size_t)(count) * sizeof(float)); } while (0)
#define CHOOSE(mask, a, b) ((lanes)(((ilanes)(mask) & (ilanes)(a)) | (~(ilanes)(mask) & (ilanes)(b))))
#define LARGER(a, b) ({ lanes a_ = (a), b_ = (b); CHOOSE(a_ > b_, a_, b_); })
#define SMALLER(a, b) ({ lanes a_ = (a), b_ = (b); CHOOSE(a_ < b_, a_, b_); })
// Folded pairwise: the same order on every machine.
#define FOLD(v) ({ lanes f_ = (v); float s_[8], t_[4]; \
    for (int i_ = 0; i_ < 8; i_++) s_[i_] = f_[i_] + f_[i_ + 8]; \
    for (int i_ = 0; i_ < 4; i_++) t_[i_] = s_[i_] + s_[i_ + 4]; \
    (t_[0] + t_[2]) + (t_[1] + t_[3]); })

// exp by 2^n e^r, |r| <= ln 2 / 2, Taylor-like minimax of degree 6; clamped to finite, normal results.
#define EXP(x) ({ \
    lanes x_ = SMALLER(LARGER((x), SPLAT(-87.0f)), SPLAT(88.0f)); \
    lanes n_ = x_ * 1.44269504f + 12582912.0f; /* 1.5 * 2^23 rounds to the nearest integer */ \
    ilanes e_ = ((ilanes)n_ - 0x4B400000 + 127) << 23; \
    n_ = n_ - 12582912.0f; \
    lanes r_ = x_ - n_ * 0.693359375f + n_ * 2.12194440e-4f; \
    lanes p_ = SPLAT(1.0f / 720); \
    p_ = p_ * r_ + 1.0f / 120; p_ = p_ * r_ + 1.0f / 24; p_ = p_ * r_ + 1.0f / 6; \
    p_ = p_ * r_ + 0.5f; p_ = p_ * r_ + 1.0f; p_ = p_ * r_ + 1.0f; \
    p_ * (lanes)e_; })
