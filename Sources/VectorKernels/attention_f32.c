// Attention of one head in f32 by AVX-512: 9 queries at a time see all keys, and the softmax is made while their scores are near.
#include "VectorKernels.h"

#if defined(__x86_64__)
#include "attention_plan.h"
#include "products.h"
#include <math.h>

static float *take_panels(plan *p, const two_parts *x, int turned, int64_t k, int64_t n) {
    float *taken = take(p, vk_panels_size(k, n) / 4);
    vk_lay_panels(x, turned, k, n, taken);
    return taken;
}

int64_t vk_attention_f32_scratch(const vk_attention *head, int backward) {
    plan p = plan_of(head, 16, NULL);
    int64_t seen = vk_panels_size(head->width, p.keys) + vk_panels_size(p.keys, head->width), asking = 2 * vk_panels_size(head->queries, head->width);
    if (!backward) return seen + ROWS * p.ld * 4;
    return 2 * seen + asking + 2 * head->queries * p.ld * 4 + 64 * 8;
}

static two_parts of_heads(const vk_attention *head, const void *prefix, const void *own) {
    return (two_parts){prefix, own, head->prefix, head->prefix_stride, head->own_stride};
}

// c (m x n) = a (m x k) times panels.
static void times(int64_t m, int64_t n, int64_t k, const float *a, int64_t row, int64_t column, const float *panels, float *c, int64_t c_row) {
    product p = {m, n, k, row, column, c_row};
    vk_multiply_panels(&p, a, panels, c);
}

// Queries are taken in blocks of nearly equal length: of the block from `start` on.
static int64_t block_length(int64_t queries, int64_t start) {
    int64_t left = queries - start, blocks = UP(left, ROWS) / ROWS;
    return (left + blocks - 1) / blocks;
}

// Scores become weights, of which `inverse` is to be taken; their log-sum-exp.
WIDE_PART float softmax_row(float *row, int64_t keys, float rate, float *inverse) {
    float most = largest(row, keys) * rate;
    lanes total = {};
    for (int64_t i = 0; i < keys; i += 16) {
        lanes e = masked(power(LOAD(row + i) * rate - most), keys - i);
        STORE(row + i, e);
        total += e;
    }
    float sum = _mm512_reduce_add_ps((__m512)total);
    *inverse = 1 / sum;
    return most * LN_2 + logf(sum);
}

WIDE_PART void scale_row(float *row, float factor, int64_t width) {
    for (int64_t i = 0; i < width; i += 16) {
        __mmask16 mask = lanes_mask(width - i);
        _mm512_mask_storeu_ps(row + i, mask, _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, row + i), _mm512_set1_ps(factor)));
    }
}

WIDE void vk_attention_f32_forward(const vk_attention *head, void *scratch, float *output, int64_t output_stride) {
    plan p = plan_of(head, 16, scratch);
    int64_t width = head->width;
    two_parts keys = of_heads(head, head->prefix_keys, head->own_keys), values = of_heads(head, head->prefix_values, head->own_values);
    const float *turned_keys = take_panels(&p, &keys, 1, width, p.keys), *seen = take_panels(&p, &values, 0, p.keys, width);
    float *scores = take(&p, ROWS * p.ld);
    for (int64_t start = 0, count; start < head->queries; start += count) {
        count = block_length(head->queries, start);
        const float *query = (const float *)head->query + start * head->query_stride;
        float *to = output + start * output_stride, inverse[ROWS];
        times(count, p.keys, width, query, head->query_stride, 1, turned_keys, scores, p.ld);
        for (int64_t r = 0; r < count; r++) head->log_sums[start + r] = softmax_row(scores + r * p.ld, p.keys, head->scale * LOG2_E, &inverse[r]);
        times(count, width, p.keys, scores, p.ld, 1, seen, to, output_stride);
        for (int64_t r = 0; r < count; r++) scale_row(to + r * output_stride, inverse[r], width);
    }
}

// Scores become weights and the weights' gradients those of scores.
WIDE_PART void slopes_row(float *row, float *slope, int64_t keys, float scale, float log_sum, const float *delta) {
    lanes dots = {};
    for (int64_t i = 0; i < keys; i += 16) {
        lanes e = power(LOAD(row + i) * (scale * LOG2_E) - log_sum * LOG2_E);
        STORE(row + i, e);
        dots += masked(e * LOAD(slope + i), keys - i);
    }
    float known = delta ? *delta : _mm512_reduce_add_ps((__m512)dots);
    for (int64_t i = 0; i < keys; i += 16) STORE(slope + i, scale * LOAD(row + i) * (LOAD(slope + i) - known));
}

WIDE void vk_attention_f32_backward(const vk_attention *head, void *scratch, const float *gradient, int64_t gradient_stride, const float *delta,
                                    float *dquery, int64_t dquery_stride, float *const dprefix[2], float *const down[2]) {
    plan p = plan_of(head, 16, scratch);
    int64_t width = head->width, queries = head->queries;
    two_parts keys = of_heads(head, head->prefix_keys, head->own_keys), values = of_heads(head, head->prefix_values, head->own_values);
    const float *turned_keys = take_panels(&p, &keys, 1, width, p.keys), *turned_values = take_panels(&p, &values, 1, width, p.keys);
    const float *key_rows = dquery ? take_panels(&p, &keys, 0, p.keys, width) : NULL;
    float *weights = take(&p, queries * p.ld), *slopes = take(&p, queries * p.ld);
    for (int64_t start = 0, count; start < queries; start += count) {
        count = block_length(queries, start);
        const float *query = (const float *)head->query + start * head->query_stride, *incoming = gradient + start * gradient_stride;
        float *row = weights + start * p.ld, *slope = slopes + start * p.ld;
        times(count, p.keys, width, query, head->query_stride, 1, turned_keys, row, p.ld);
        times(count, p.keys, width, incoming, gradient_stride, 1, turned_values, slope, p.ld);
        for (int64_t r = 0; r < count; r++)
            slopes_row(row + r * p.ld, slope + r * p.ld, p.keys, head->scale, head->log_sums[start + r], delta ? delta + start + r : NULL);
        if (dquery) times(count, width, p.keys, slope, p.ld, 1, key_rows, dquery + start * dquery_stride, dquery_stride);
    }
    for (int k = 0; k < 2; k++) {  // of keys, then of values
        if (!dprefix[k] && !down[k]) continue;
        two_parts asking = k == 0 ? (two_parts){NULL, head->query, 0, 0, head->query_stride} : (two_parts){NULL, gradient, 0, 0, gradient_stride};
        const float *panels = take_panels(&p, &asking, 0, queries, width), *left = k == 0 ? slopes : weights;
        if (dprefix[k]) times(head->prefix, width, queries, left, 1, p.ld, panels, dprefix[k], head->prefix_stride);
        if (down[k]) times(head->own, width, queries, left + head->prefix, 1, p.ld, panels, down[k], head->own_stride);
    }
}
#else
int64_t vk_attention_f32_scratch(const vk_attention *head, int backward) { return 0; }
void vk_attention_f32_forward(const vk_attention *head, void *scratch, float *output, int64_t output_stride) { __builtin_trap(); }
void vk_attention_f32_backward(const vk_attention *head, void *scratch, const float *gradient, int64_t gradient_stride, const float *delta,
                               float *dquery, int64_t dquery_stride, float *const dprefix[2], float *const down[2]) { __builtin_trap(); }
#endif
