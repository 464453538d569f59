// The normal density and distribution, for GELU and its derivative.
#pragma once
#include "lanes.h"

// erfc(z) = exp(-z^2) P(t), t = 1 / (1 + 0.4 z), z >= 0: our own minimax fit of degree 9, 2e-7 relative in f32.
// With z = |x| / sqrt 2 the exponential is also the normal density that the derivative needs.
#define NORMAL(x, density, cumulative) \
    lanes z_ = LARGER((x), -(x)) * 0.70710678f; \
    lanes density = EXP(-z_ * z_); \
    lanes t_ = 1.0f / (1.0f + 0.4f * z_); \
    lanes c_ = SPLAT(0.026942512f); \
    c_ = c_ * t_ - 0.065362506f; c_ = c_ * t_ - 0.085426152f; c_ = c_ * t_ + 0.30432034f; \
    c_ = c_ * t_ - 0.091904402f; c_ = c_ * t_ + 0.28095078f; c_ = c_ * t_ + 0.17323327f; \
    c_ = c_ * t_ + 0.23223616f; c_ = c_ * t_ + 0.2249783f; c_ = c_ * t_ + 3.168637e-05f; \
    lanes tail_half = 0.5f * c_ * density; \
    lanes cumulative = CHOOSE((x) > SPLAT(0), 1.0f - tail_half, tail_half)
