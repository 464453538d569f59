// What attention's kernels in vectors know of a head before they begin, and their share of the caller's memory.
#pragma once
#include "VectorKernels.h"
#include "wide.h"

// ld: from a row of scores to the next, in values, or in pairs of rows.
typedef struct {
    int64_t keys, ld;
    float *scratch;
} plan;

// Rows are of whole pieces of so many values.
static inline plan plan_of(const vk_attention *head, int64_t piece, void *scratch) {
    int64_t keys = head->prefix + head->own, ld = UP(keys, piece);
    return (plan){keys, ld % 1024 == 0 ? ld + piece : ld, scratch};  // rows a page apart would share their places in the cache
}

static inline float *take(plan *p, int64_t values) {
    float *taken = p->scratch;
    p->scratch += UP(values, 16);
    return taken;
}
