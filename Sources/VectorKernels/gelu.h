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

// The same to about what bf16 holds, without exponential and division: cumulative - 1/2 and the derivative of x cumulative - 1/2 are odd; our own
// minimax fits of degree 17, exact where they end at |x| = 4.2: 2e-5 and 3e-4 absolute, x cumulative 7e-5. `bounded` is x from -4.2 on, or NaN.
#define NEARLY_NORMAL(x, bounded, cumulative, derivative) \
    lanes bounded = CHOOSE((x) < SPLAT(-4.2f), SPLAT(-4.2f), (x)); \
    lanes x_ = SMALLER(bounded, SPLAT(4.2f)), u_ = x_ * x_; \
    lanes c_ = SPLAT(7.37681721e-11f); \
    c_ = c_ * u_ - 6.69680622e-09f; c_ = c_ * u_ + 2.68340699e-07f; c_ = c_ * u_ - 6.34112303e-06f; \
    c_ = c_ * u_ + 0.000100282203f; c_ = c_ * u_ - 0.00114650175f; c_ = c_ * u_ + 0.00992982555f; \
    c_ = c_ * u_ - 0.0665043592f; c_ = c_ * u_ + 0.398973793f; \
    lanes cumulative = x_ * c_ + 0.5f; \
    c_ = SPLAT(3.56550373e-10f); \
    c_ = c_ * u_ - 3.85975554e-08f; c_ = c_ * u_ + 1.77514335e-06f; c_ = c_ * u_ - 4.58956565e-05f; \
    c_ = c_ * u_ + 0.000742866308f; c_ = c_ * u_ - 0.00791592058f; c_ = c_ * u_ + 0.0564063452f; \
    c_ = c_ * u_ - 0.26249513f; c_ = c_ * u_ + 0.79684788f; \
    lanes derivative = x_ * c_ + 0.5f
