// Products of activations with a weight by matrix tiles in bf16 (tiles.h). The weight is laid out once, (pair of column blocks, step, block), so that
// a pair's tiles are read one after the other; activations are read as rows.
#include "VectorKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include "tiles.h"

int64_t vk_tile_weight_size(int64_t k, int64_t n) { return k * n * 2; }

TILES void vk_lay_tile_weight(const float *w, int transposed, int64_t k, int64_t n, void *to) {
    char *next = to;
    for (int64_t column = 0; column < n; column += 32)
        for (int64_t step = 0; step < k; step += 32, next += 2 * TILE) {
            rows piece = {NULL, (const char *)(transposed ? w + column * k + step : w + step * n + column), 0, 32, 0, (transposed ? k : n) * 4, 0};
            if (transposed) lay_rows(&piece, 32, 2, 1, next);
            else lay_pairs(&piece, 32, 1, 0, next);
        }
}

// Blocks of sums, 32 values from row to row, to their place in c.
PART void finish(const vk_tile_product *p, const float *sums, int64_t i, int64_t rows, int64_t j, void *c) {
    for (int64_t r = i; r < i + rows; r++, sums += 32)
        for (int64_t at = 0; at < 32; at += 16) {
            int64_t place = r * p->n + j + at;
            lanes v = LOAD(sums + at);
            if (p->bias) v += LOAD(p->bias + j + at);
            if (p->residual) v += LOAD(p->residual + place);
            if (p->format == 0) STORE((float *)c + place, v);
            else _mm256_storeu_si256((__m256i *)((uint16_t *)c + place), (__m256i)_mm512_cvtneps_pbh((__m512)v));
        }
}

// Rows `from` ... of c below `to`, in tiles of `height` rows: a pair of the weight's column blocks stays near the processor for all of them.
PART void multiply_rows(const vk_tile_product *p, const char *a, int64_t from, int64_t to, int64_t height, const char *weight, void *c) {
    int64_t steps = p->k / 32, stride = p->k * 2;
    int plain = p->format == 0 && !p->bias && !p->residual;
    float sums[32 * 32] __attribute__((aligned(64)));
    configure((int)height);
    for (int64_t j = 0; j < p->n; j += 32) {
        tiles above = in_tiles(weight + j / 16 * steps * TILE, TILE, 2 * TILE);
        for (int64_t i = from; i < to; i += 2 * height) {
            int down = two((to - i) / height);
            tiles left = {a + i * stride, stride, height * stride, 64};
            char *place = plain ? (char *)((float *)c + i * p->n + j) : (char *)sums;
            int64_t row = plain ? p->n * 4 : 32 * 4;
            if (down == 2) multiply(&left, &above, steps, 2, 2, place, row, height * row, 64);
            else multiply(&left, &above, steps, 1, 2, place, row, height * row, 64);
            if (!plain) finish(p, sums, i, down * height, j, c);
        }
    }
}

TILES void vk_multiply_tiles(const vk_tile_product *p, const void *a, const void *weight, void *c) {
    int64_t whole = p->m / 16 * 16;
    if (whole) multiply_rows(p, a, 0, whole, 16, weight, c);
    if (whole < p->m) multiply_rows(p, a, whole, p->m, p->m - whole, weight, c);
    _tile_release();
}
#else
int64_t vk_tile_weight_size(int64_t k, int64_t n) { return 0; }
void vk_lay_tile_weight(const float *w, int transposed, int64_t k, int64_t n, void *to) { __builtin_trap(); }
void vk_multiply_tiles(const vk_tile_product *p, const void *a, const void *weight, void *c) { __builtin_trap(); }
#endif
