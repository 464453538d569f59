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

// A block's sums on their way into c.
typedef struct {
    float sums[32 * 32] __attribute__((aligned(64)));
    int64_t row, rows, column;
} block_sums;

// Row r of the block.
PART void finish_row(const vk_tile_product *p, const block_sums *from, int64_t r, void *c) {
    for (int64_t at = 0; at < 32; at += 16) {
        int64_t column = from->column + at, place = (from->row + r) * p->n + column;
        lanes v = LOAD(from->sums + r * 32 + at);
        if (p->bias) v += LOAD(p->bias + column);
        if (p->residual) v += LOAD(p->residual + place);
        if (p->format == 0) STORE((float *)c + place, v);
        else _mm256_storeu_si256((__m256i *)((uint16_t *)c + place), (__m256i)_mm512_cvtneps_pbh((__m512)v));
    }
}

// The product of `down` row blocks, while the vectors finish the block before.
PART void multiply_block(const vk_tile_product *p, const tiles *left, const tiles *above, const int down, int64_t height, block_sums *now,
                         const block_sums *before, void *c) {
    int64_t steps = p->k / 32, share = (before->rows + steps - 1) / steps, next = 0;
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
    for (int64_t k = 0; k < steps; k++) {
        multiply_step(left, above, k, down, 2);
        for (int64_t end = next + share; next < end && next < before->rows; next++) finish_row(p, before, next, c);
    }
    store_sums((char *)now->sums, 32 * 4, height * 32 * 4, 64, down, 2);
}

// Rows `from` ... of c below `to`, in tiles of `height` rows: a pair of the weight's column blocks stays near the processor for all of them.
PART void multiply_rows(const vk_tile_product *p, const char *a, int64_t from, int64_t to, int64_t height, const char *weight, void *c) {
    int64_t steps = p->k / 32, stride = p->k * 2;
    block_sums both[2], *now = both, *before = both + 1;
    before->rows = 0;
    configure((int)height);
    for (int64_t j = 0; j < p->n; j += 32) {
        tiles above = in_tiles(weight + j / 16 * steps * TILE, TILE, 2 * TILE);
        for (int64_t i = from; i < to; i += 2 * height) {
            int down = two((to - i) / height);
            tiles left = {a + i * stride, stride, height * stride, 64};
            if (down == 2) multiply_block(p, &left, &above, 2, height, now, before, c);
            else multiply_block(p, &left, &above, 1, height, now, before, c);
            now->row = i; now->rows = down * height; now->column = j;
            block_sums *done = now;
            now = before;
            before = done;
        }
    }
    for (int64_t r = 0; r < before->rows; r++) finish_row(p, before, r, c);
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
