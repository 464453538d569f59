// Matrices as products of f32 read them; products.c says how.
#pragma once
#include "VectorKernels.h"
#include "wide.h"

// Rows of a product's result that stay in registers at once, and vectors of its columns.
#define ROWS 9
#define VECTORS 3

// Rows in memory, the first of which may lie elsewhere.
typedef struct { const float *first, *second; int64_t first_count, first_stride, stride; } two_parts;

static inline const float *row_of(const two_parts *x, int64_t i) {
    return i < x->first_count ? x->first + i * x->first_stride : x->second + (i - x->first_count) * x->stride;
}

// Vectors of the panel that begins with column j of n: panels are nearly equal.
static inline int panel_vectors(int64_t n, int64_t j) {
    int64_t left = (n - j + 15) / 16, panels = (left + VECTORS - 1) / VECTORS;
    return (int)((left + panels - 1) / panels);
}

// b (k x n) in panels: x's rows, or, `turned`, their transpose; and the bytes that takes, from a multiple of 64 on.
void vk_lay_panels(const two_parts *x, int turned, int64_t k, int64_t n, float *panels);
int64_t vk_panels_size(int64_t k, int64_t n);

// c (m x n) = a (m x k) times panels of b; strides in values, one of a's is 1.
typedef struct { int64_t m, n, k, a_row, a_column, c_row; } product;
void vk_multiply_panels(const product *p, const float *a, const float *panels, float *c);

// The same of pairs of bf16: k counts pairs, and a value stands for two of them that are neighbours in the sum. Panels of the transpose are those of
// f32, whose values are pairs of a row; these are pairs of rows, `rows` of x in all, a last one alone beside zeros.
void vk_lay_pair_panels(const two_parts *x, int64_t rows, int64_t n, float *panels);
void vk_multiply_pair_panels(const product *p, const float *a, const float *panels, float *c);
