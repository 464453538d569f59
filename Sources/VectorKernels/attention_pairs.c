// Attention of one head in bf16 by AVX-512 BF16: 8 queries at a time see all keys, and the softmax is made while their scores are near. Products read
// pairs of values: of a row where the sum runs along it, of two rows where it runs across them.
#include "VectorKernels.h"

#if defined(__x86_64__)
#include "attention_plan.h"
#include "products.h"
#include <math.h>

#define PAIRS __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define PAIRS_PART static inline __attribute__((always_inline)) PAIRS

// Queries at a time, an even number.
#define ASKING 8

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

int64_t vk_attention_pairs_scratch(const vk_attention *head, int backward) {
    plan p = plan_of(head, 32, NULL);
    int64_t seen = vk_panels_size(head->width / 2, p.keys) + vk_panels_size((p.keys + 1) / 2, head->width);
    int64_t block = ASKING * p.ld * 4 + ASKING * p.ld * 2 + larger(ASKING, backward ? head->own : 0) * UP(head->width, 16) * 4;
    if (!backward) return seen + block + 64 * 8;
    int64_t pairs = (head->queries + 1) / 2;
    return 2 * seen + 2 * block + 2 * vk_panels_size(pairs, head->width) + 2 * pairs * p.ld * 4 + 64 * 16;
}

// Rows of bf16 as rows of pairs.
static two_parts of_heads(const vk_attention *head, const void *prefix, const void *own) {
    return (two_parts){prefix, own, head->prefix, head->prefix_stride / 2, head->own_stride / 2};
}
static two_parts of_rows(const void *rows, int64_t stride) { return (two_parts){NULL, rows, 0, 0, stride / 2}; }

static float *take_turned(plan *p, const two_parts *x, int64_t width) {
    float *taken = take(p, vk_panels_size(width / 2, p->keys) / 4);
    vk_lay_panels(x, 1, width / 2, p->keys, taken);
    return taken;
}

static float *take_pairs(plan *p, const two_parts *x, int64_t rows, int64_t width) {
    float *taken = take(p, vk_panels_size((rows + 1) / 2, width) / 4);
    vk_lay_pair_panels(x, rows, width, taken);
    return taken;
}

// c (m x n) = a (m x k pairs) times panels.
static void times(int64_t m, int64_t n, int64_t k, const void *a, int64_t row, int64_t column, const float *panels, float *c, int64_t c_row) {
    product p = {m, n, k, row, column, c_row};
    vk_multiply_pair_panels(&p, a, panels, c);
}

PAIRS_PART __m256i halves(lanes v) { return (__m256i)_mm512_cvtneps_pbh((__m512)v); }

// Rows of f32, each times its factor, in bf16.
PAIRS_PART void round_rows(const float *from, int64_t rows, int64_t width, const float *factors, uint16_t *to, int64_t stride) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < width; i += 16) {
            __mmask16 mask = lanes_mask(width - i);
            __m512 v = _mm512_maskz_loadu_ps(mask, from + r * width + i);
            if (factors) v = _mm512_mul_ps(v, _mm512_set1_ps(factors[r]));
            _mm256_mask_storeu_epi16(to + r * stride + i, mask, halves((lanes)v));
        }
}

// Scores become weights in bf16, of which `inverse` is to be taken; their log-sum-exp.
PAIRS_PART float softmax_row(const float *row, int64_t keys, int64_t ld, float rate, uint16_t *weights, float *inverse) {
    float most = largest(row, keys) * rate;
    lanes total = {};
    for (int64_t i = 0; i < ld; i += 16) {
        lanes e = i < keys ? masked(power(LOAD(row + i) * rate - most), keys - i) : (lanes){};
        total += e;
        _mm256_store_si256((__m256i *)(weights + i), halves(e));
    }
    float sum = _mm512_reduce_add_ps((__m512)total);
    *inverse = 1 / sum;
    return most * LN_2 + logf(sum);
}

PAIRS void vk_attention_pairs_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride) {
    plan p = plan_of(head, 32, scratch);
    int64_t width = head->width;
    two_parts keys = of_heads(head, head->prefix_keys, head->own_keys), values = of_heads(head, head->prefix_values, head->own_values);
    const float *turned_keys = take_turned(&p, &keys, width), *seen = take_pairs(&p, &values, p.keys, width);
    float *scores = take(&p, ASKING * p.ld), *sums = take(&p, ASKING * width);
    uint16_t *weights = (uint16_t *)take(&p, ASKING * p.ld / 2);
    for (int64_t start = 0; start < head->queries; start += ASKING) {
        int64_t count = head->queries - start < ASKING ? head->queries - start : ASKING;
        float inverse[ASKING];
        times(count, p.keys, width / 2, (const uint16_t *)head->query + start * head->query_stride, head->query_stride / 2, 1, turned_keys, scores, p.ld);
        for (int64_t r = 0; r < count; r++)
            head->log_sums[start + r] = softmax_row(scores + r * p.ld, p.keys, p.ld, head->scale * LOG2_E, weights + r * p.ld, &inverse[r]);
        times(count, width, (p.keys + 1) / 2, weights, p.ld / 2, 1, seen, sums, width);
        round_rows(sums, count, width, inverse, (uint16_t *)output + start * output_stride, output_stride);
    }
}

// Scores become weights, in f32 in their place, and the sum of weights times their gradients is returned.
PAIRS_PART float weights_row(float *row, const float *slope, int64_t keys, float scale, float log_sum) {
    lanes dots = {};
    for (int64_t i = 0; i < keys; i += 16) {
        lanes e = masked(power(LOAD(row + i) * (scale * LOG2_E) - log_sum * LOG2_E), keys - i);
        STORE(row + i, e);
        dots += e * masked(LOAD(slope + i), keys - i);
    }
    return _mm512_reduce_add_ps((__m512)dots);
}

PAIRS_PART __m512i pair(__m256i first, __m256i second) {
    return _mm512_or_si512(_mm512_cvtepu16_epi32(first), _mm512_slli_epi32(_mm512_cvtepu16_epi32(second), 16));
}

PAIRS void vk_attention_pairs_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                                       void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]) {
    plan p = plan_of(head, 32, scratch);
    int64_t width = head->width, queries = head->queries, pairs = (queries + 1) / 2;
    two_parts keys = of_heads(head, head->prefix_keys, head->own_keys), values = of_heads(head, head->prefix_values, head->own_values);
    const float *turned_keys = take_turned(&p, &keys, width), *turned_values = take_turned(&p, &values, width);
    const float *key_rows = dquery ? take_pairs(&p, &keys, p.keys, width) : NULL;
    float *scores = take(&p, ASKING * p.ld), *slopes = take(&p, ASKING * p.ld), *sums = take(&p, larger(ASKING, head->own) * width);
    uint16_t *rows = (uint16_t *)take(&p, ASKING * p.ld / 2);
    uint32_t *weights = (uint32_t *)take(&p, pairs * p.ld), *score_slopes = (uint32_t *)take(&p, pairs * p.ld);
    for (int64_t start = 0; start < queries; start += ASKING) {
        int64_t count = queries - start < ASKING ? queries - start : ASKING;
        const uint16_t *query = (const uint16_t *)head->query + start * head->query_stride, *incoming = (const uint16_t *)gradient + start * gradient_stride;
        times(count, p.keys, width / 2, query, head->query_stride / 2, 1, turned_keys, scores, p.ld);
        times(count, p.keys, width / 2, incoming, gradient_stride / 2, 1, turned_values, slopes, p.ld);
        for (int64_t r = 0; r < count; r += 2) {
            float known[2] = {};
            for (int64_t one = 0; one < 2 && r + one < count; one++) {
                int64_t at = (r + one) * p.ld;
                float dots = weights_row(scores + at, slopes + at, p.keys, head->scale, head->log_sums[start + r + one]);
                known[one] = delta ? delta[start + r + one] : dots;
            }
            for (int64_t i = 0; i < p.ld; i += 16) {
                __m256i e[2] = {}, s[2] = {};
                for (int64_t one = 0; one < 2 && r + one < count; one++) {
                    int64_t at = (r + one) * p.ld + i;
                    if (i < p.keys) {
                        lanes weight = LOAD(scores + at);  // zero after the last key, where slopes hold anything
                        e[one] = halves(weight);
                        s[one] = halves(masked(head->scale * weight * (LOAD(slopes + at) - known[one]), p.keys - i));
                    }
                    _mm256_store_si256((__m256i *)(rows + at), s[one]);
                }
                int64_t to = (start + r) / 2 * p.ld + i;
                _mm512_store_si512(weights + to, pair(e[0], e[1]));
                _mm512_store_si512(score_slopes + to, pair(s[0], s[1]));
            }
        }
        if (!dquery) continue;
        times(count, width, (p.keys + 1) / 2, rows, p.ld / 2, 1, key_rows, sums, width);
        round_rows(sums, count, width, NULL, (uint16_t *)dquery + start * dquery_stride, dquery_stride);
    }
    for (int k = 0; k < 2; k++) {  // of keys, then of values
        if (!dprefix[k] && !down[k]) continue;
        two_parts asking = k == 0 ? of_rows(head->query, head->query_stride) : of_rows(gradient, gradient_stride);
        const float *panels = take_pairs(&p, &asking, queries, width);
        const uint32_t *left = k == 0 ? score_slopes : weights;
        if (dprefix[k]) times(head->prefix, width, pairs, left, 1, p.ld, panels, dprefix[k], head->prefix_stride);
        if (!down[k]) continue;
        times(head->own, width, pairs, left + head->prefix, 1, p.ld, panels, sums, width);
        round_rows(sums, head->own, width, NULL, down[k], head->own_stride);
    }
}
#else
int64_t vk_attention_pairs_scratch(const vk_attention *head, int backward) { return 0; }
void vk_attention_pairs_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride) { __builtin_trap(); }
void vk_attention_pairs_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                                 void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]) { __builtin_trap(); }
#endif
