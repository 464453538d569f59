// Element-wise and reduction kernels in f32, compiled for several instruction sets and chosen at load.
//
// Sums run over sixteen fixed lanes and are folded in a fixed order, so a result depends on the data and the length
// alone. Pointers need no alignment beyond a float's. Matrices are row-major; ld is the distance between rows.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// y[i] = value; y += x; y += a x; y *= a
void vk_fill(float *y, float value, int64_t n);
void vk_add(float *y, const float *x, int64_t n);
void vk_axpy(float *y, float a, const float *x, int64_t n);
void vk_scale(float *y, float a, int64_t n);

// sum of a[i] b[i]; sum of a[i]; 1 when every value is finite, else 0
float vk_dot(const float *a, const float *b, int64_t n);
float vk_sum(const float *a, int64_t n);
int vk_all_finite(const float *a, int64_t n);

// y (rows x d): each row = bias, or bias + residual row
void vk_broadcast_row(float *y, const float *bias, const float *residual, int64_t rows, int64_t d);
// out (d) += sum over rows of x (rows x d, ld)
void vk_column_sums(const float *x, int64_t rows, int64_t d, int64_t ld, float *out);

// Layer norm over the last axis. mean and rstd: one a row, kept for the backward pass.
void vk_layer_norm(const float *x, const float *weight, const float *bias, float epsilon, int64_t rows, int64_t d, float *y,
                   float *mean, float *rstd);
void vk_layer_norm_backward(const float *dy, const float *x, const float *weight, const float *mean, const float *rstd,
                            int64_t rows, int64_t d, float *dx);
// dweight (d) += sum dy * xhat; dbias (d) += sum dy; either may be NULL
void vk_layer_norm_parameters(const float *dy, const float *x, const float *mean, const float *rstd, int64_t rows, int64_t d,
                              float *dweight, float *dbias);

// Exact GELU, x * Phi(x), with Phi to 3e-7; y may be x. Backward: dx = dy * GELU'(x); dx may be dy.
void vk_gelu(const float *x, float *y, int64_t n);
void vk_gelu_backward(const float *x, const float *dy, float *dx, int64_t n);
void vk_quick_gelu(const float *x, float *y, int64_t n);
void vk_quick_gelu_backward(const float *x, const float *dy, float *dx, int64_t n);

// out[row] = sum of a[row] b[row]
void vk_row_dots(const float *a, int64_t lda, const float *b, int64_t ldb, int64_t rows, int64_t d, float *out);

// One step of SGD over n values, torch's arithmetic; momentum_buffer may be NULL.
void vk_sgd(float *value, const float *gradient, float *momentum_buffer, int first, float rate, float momentum, float decay,
            int nesterov, int64_t n);

// MARK: Sixteen-bit formats
//
// A product's operand is written in one of two formats, rows of d values in a run: 0, f32; 1, bf16.

void vk_to_bf16(const float *x, uint16_t *y, int64_t n);
void vk_from_bf16(const uint16_t *x, float *y, int64_t n);
// y += x
void vk_add_bf16(float *y, const uint16_t *x, int64_t n);
// out (d) += sum over rows of x (rows x d)
void vk_column_sums_bf16(const uint16_t *x, int64_t rows, int64_t d, float *out);
void vk_row_dots_bf16(const uint16_t *a, int64_t lda, const uint16_t *b, int64_t ldb, int64_t rows, int64_t d, float *out);
// Fixed point, for what a backward pass reads again: 24 bits of each value, the upper 16 and the rest apart, or with NULL for the rest 16.
// Each of the rows of d values has a step of its own, 2^-23 or 2^-15 of its largest, and a value is off by half of it at most. ldx, ldf,
// lds: from row to row
void vk_to_fixed(const float *x, int64_t ldx, int64_t rows, int64_t d, uint16_t *upper, uint8_t *rest, int64_t ldf, float *steps,
                 int64_t lds);
void vk_from_fixed(const uint16_t *upper, const uint8_t *rest, int64_t ldf, const float *steps, int64_t lds, int64_t rows, int64_t d,
                   float *x, int64_t ldx);

// MARK: Fused with what follows

// y = layer norm of x as an operand; hat and rest (rows x d), the normalised rows in fixed point, and scales (rows x [1 / deviation,
// hat's step]) are kept for the backward pass, or NULL.
void vk_layer_norm_operand(const float *x, const float *weight, const float *bias, float epsilon, int64_t rows, int64_t d,
                           int32_t format, void *y, uint16_t *hat, uint8_t *rest, float *scales);
// dx = dL/dx of dL/dy (+ more, rows x d, or NULL); sums (d) += dy by columns, or NULL
void vk_layer_norm_hat_backward(const float *dy, const uint16_t *hat, const uint8_t *rest, const float *scales, const float *weight, const float *more,
                                int64_t rows, int64_t d, float *dx, float *sums);
// y = GELU(z) as an operand (quick: z sigma(1.702 z)); slope its derivative in fixed point of one step, in 16 bits
// to 1.2e-5, or NULL; rest 8 more bits of it, to 1e-7, or NULL
void vk_gelu_operand(const float *z, int64_t rows, int64_t d, int quick, int32_t format, void *y, uint16_t *slope, uint8_t *rest);
// dz = dy * slope as an operand; sums (d) += dz by columns, or NULL
void vk_slope_operand(const float *dy, const uint16_t *slope, const uint8_t *rest, int64_t rows, int64_t d, int32_t format, void *dz,
                      float *sums);
// p = softmax(scale * s) by rows as an operand (rows x ld, zeros from cols on); lse[row] = log sum exp(scale * s). s (rows x cols, ld)
// is spent; p may be s in f32.
void vk_softmax(float *s, int64_t rows, int64_t cols, int64_t ld, float scale, float *lse, int32_t format, void *p);
// p = exp(scale * s - lse[row]) and ds = scale * p * (dp - delta[row]) as operands (rows x ld, zeros from cols on); without delta it
// is the sum of p dp over the row. s and dp are spent; p may be s and ds may be dp in f32.
void vk_softmax_slopes(float *s, float *dp, int64_t rows, int64_t cols, int64_t ld, float scale, const float *lse, const float *delta,
                       int32_t format, void *p, void *ds);

// MARK: Attention by matrix tiles
//
// One head of one image on a processor with Intel AMX: matrices in bf16, sums in f32.

// Keys and values are `prefix` rows from one place and then `own` from another; strides count values. width: of a head, a multiple of 32.
typedef struct {
    int64_t queries, prefix, own, width;
    float scale;
    const void *query, *prefix_keys, *prefix_values, *own_keys, *own_values;
    int64_t query_stride, prefix_stride, own_stride;
    float *log_sums;  // one a query: log sum exp of its scaled scores
} vk_attention;

// 1 when processor and kernel have the tiles; nothing else here may be called where it is 0.
int vk_has_tiles(void);
// Bytes of working memory, from an address that is a multiple of 64.
int64_t vk_attention_scratch(const vk_attention *head, int backward);
// output (queries x width) and log_sums
void vk_attention_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride);
// Of gradient (queries x width) and log_sums: dquery (queries x width) in bf16, and what keys and values learn, with the strides of
// theirs: dprefix in f32 and down in bf16, each [keys, values]. All may be NULL, both of a pair together. delta: sums of
// output x gradient, or NULL where all keys are here to compute them from.
void vk_attention_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                           void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]);

// The same attention in f32 and vectors of 512 bits, heads of any width.
//
// 1 when the processor has them; the three below may not be called where it is 0.
int vk_has_wide_vectors(void);
int64_t vk_attention_f32_scratch(const vk_attention *head, int backward);
void vk_attention_f32_forward(const vk_attention *head, void *scratch, float *output, int64_t output_stride);
void vk_attention_f32_backward(const vk_attention *head, void *scratch, const float *gradient, int64_t gradient_stride, const float *delta,
                               float *dquery, int64_t dquery_stride, float *const dprefix[2], float *const down[2]);

// The attention of bf16 and matrix tiles in vectors of 512 bits with products of bf16, heads of an even width, distances between rows even.
//
// 1 when the processor has them (AVX-512 BF16); the three below may not be called where it is 0.
int vk_has_wide_pairs(void);
int64_t vk_attention_pairs_scratch(const vk_attention *head, int backward);
void vk_attention_pairs_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride);
void vk_attention_pairs_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                                 void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]);

// MARK: Products of bf16 by matrix tiles
//
// c (m x n) = a (m x k) times a weight (k x n) + bias (n) + residual (m x n), either or both NULL; k and n are multiples of 32, a is in bf16.
typedef struct {
    int64_t m, k, n;
    int32_t format;  // of c: 0, f32; 1, bf16
    const float *bias, *residual;
} vk_tile_product;
// Bytes of a weight laid out, at an address that is a multiple of 64.
int64_t vk_tile_weight_size(int64_t k, int64_t n);
// w is (k x n), or (n x k) where transposed.
void vk_lay_tile_weight(const float *w, int transposed, int64_t k, int64_t n, void *to);
void vk_multiply_tiles(const vk_tile_product *p, const void *a, const void *weight, void *c);

// MARK: Products of f32 by matrix tiles of integers
//
// c (m x n) = a (m x k) times a weight (k x n) + bias (n) + residual (m x n), either or both NULL. Rows of a and columns of the weight are taken as integers
// below 2^23 times a power of two; a row or column with a value that is not finite gives NaN. k is at most 32,768, so that no sum is too large.
typedef struct {
    int64_t m, k, n;
    const float *bias, *residual;
} vk_digit_product;
// Bytes at an address that is a multiple of 64: of a weight laid out, and of working memory.
int64_t vk_digit_weight_size(int64_t k, int64_t n);
int64_t vk_digit_scratch(int64_t m, int64_t k);
// w is (k x n), or (n x k) where transposed.
void vk_lay_digit_weight(const float *w, int transposed, int64_t k, int64_t n, void *to);
void vk_multiply_digits(const vk_digit_product *p, const float *a, void *scratch, const void *weight, float *c);

// Similarities s (n) of one query to items, which may be asking too (bars, marks and counts: one an item, NULL where they do not).
// NaN stands for no pair.
//
// found[0 ..< result] = the positions i, in order, with s[i] >= bar or s[i] >= bars[i]; found has room for n + 1.
int64_t vk_candidates(const float *s, int64_t n, float bar, const float *bars, int32_t *found);
// Returns how many s[i] > mark; counts[i] += s[i] > marks[i]; ties[0 ..< *tie_count] = positions with s[i] == mark or s[i] == marks[i].
int64_t vk_count_larger(const float *s, int64_t n, float mark, const float *marks, int32_t *counts, int32_t *ties, int64_t *tie_count);

#ifdef __cplusplus
}
#endif
