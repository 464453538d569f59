// Products of activations with a weight by matrix tiles (tiles.h). The weight is laid out once, (pair of column blocks, step, part, block), so
// that a pair's tiles are read one after the other; activations are read as rows.
#include "VectorKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include "tiles.h"

int64_t vk_tile_weight_size(int64_t k, int64_t n, int32_t parts) { return k * n * 2 * parts; }

// 32 values of a row in parts.
PART void split_32(const float *row, int parts, __m512i to[3]) {
    lanes a = LOAD(row), b = LOAD(row + 16);
    for (int p = 0; p < parts; p++) {
        to[p] = halves(a, b);
        leave(&a, &b, to[p]);
    }
}

TILES void vk_split_operand(const float *x, int64_t count, int32_t parts, void *to) {
    for (int64_t i = 0; i < count; i += 32) {
        __m512i split[3];
        split_32(x + i, parts, split);
        for (int p = 0; p < parts; p++) _mm512_storeu_si512((uint16_t *)to + p * count + i, split[p]);
    }
}

// Columns at ... of rows step ..., all parts of one or two tiles, where the weight lies as the product has it.
PART void lay_plain(const float *w, int64_t n, int64_t step, int64_t at, int parts, int columns, char *to) {
    for (int i = 0; i < 16; i++) {
        __m512i above[3], below[3];
        // A last single block has no 32 columns to read.
        float rows[2][32] = {};
        for (int k = 0; k < 2; k++) memcpy(rows[k], w + (step + 2 * i + k) * n + at, (size_t)columns * 64);
        split_32(rows[0], parts, above);
        split_32(rows[1], parts, below);
        for (int p = 0; p < parts; p++)
            for (int half = 0; half < columns; half++)
                _mm512_store_si512(to + (p * columns + half) * TILE + i * 64, interleaved(above[p], below[p], half));
    }
}

// The same where the weight lies transposed.
PART void lay_transposed(const float *w, int64_t k, int64_t step, int64_t at, int parts, int columns, char *to) {
    for (int half = 0; half < columns; half++) {
        __m512i tiles[3][16];
        for (int i = 0; i < 16; i++) {
            __m512i row[3];
            split_32(w + (at + half * 16 + i) * k + step, parts, row);
            for (int p = 0; p < parts; p++) tiles[p][i] = row[p];
        }
        for (int p = 0; p < parts; p++) {
            transpose(tiles[p]);
            store_tile(to + (p * columns + half) * TILE, tiles[p]);
        }
    }
}

TILES void vk_lay_tile_weight(const float *w, int transposed, int64_t k, int64_t n, int32_t parts, void *to) {
    char *next = to;
    for (int64_t at = 0; at < n; at += 32) {
        int columns = two((n - at) / 16);
        for (int64_t step = 0; step < k; step += 32, next += parts * columns * TILE)
            if (transposed) lay_transposed(w, k, step, at, parts, columns, next);
            else lay_plain(w, n, step, at, parts, columns, next);
    }
}

// A block of sums, 32 values from row to row, to its place in c.
PART void finish(const vk_tile_product *p, const float *sums, int64_t i, int64_t rows, int64_t j, int columns, void *c) {
    for (int64_t r = i; r < i + rows; r++, sums += 32)
        for (int64_t at = 0; at < columns * 16; at += 16) {
            int64_t place = r * p->n + j + at;
            lanes v = LOAD(sums + at);
            if (p->bias) v += LOAD(p->bias + j + at);
            if (p->residual) v += LOAD(p->residual + place);
            if (p->format == 0) STORE((float *)c + place, v);
            else _mm256_storeu_si256((__m256i *)((uint16_t *)c + place), (__m256i)_mm512_cvtneps_pbh((__m512)v));
        }
}

// Rows `from` ... of c below `to`, in tiles of `height` rows: a pair of the weight's column blocks stays near the processor for all of them.
PART void multiply_rows(const vk_tile_product *p, const int parts, const char *a, int64_t from, int64_t to, int64_t height, const char *weight, void *c) {
    int64_t steps = p->k / 32, stride = p->k * 2;
    int plain = p->format == 0 && !p->bias && !p->residual;
    float sums[32 * 32] __attribute__((aligned(64)));
    configure((int)height);
    for (int64_t j = 0; j < p->n; j += 32) {
        int columns = two((p->n - j) / 16);
        tiles above = {weight + j / 16 * steps * parts * TILE, 64, TILE, parts * columns * TILE, columns * TILE};
        for (int64_t i = from; i < to; i += 2 * height) {
            int down = two((to - i) / height);
            tiles left = {a + i * stride, stride, height * stride, 64, p->m * stride};
            char *place = plain ? (char *)c + (i * p->n + j) * 4 : (char *)sums;
            int64_t row = plain ? p->n * 4 : 32 * 4;
            if (down == 2 && columns == 2) multiply(&left, &above, steps, parts, 2, 2, place, row, height * row, 64);
            else multiply(&left, &above, steps, parts, down, columns, place, row, height * row, 64);
            if (!plain) finish(p, sums, i, down * height, j, columns, c);
        }
    }
}

PART void multiply_all(const vk_tile_product *p, const int parts, const char *a, const char *weight, void *c) {
    int64_t whole = p->m / 16 * 16;
    if (whole) multiply_rows(p, parts, a, 0, whole, 16, weight, c);
    if (whole < p->m) multiply_rows(p, parts, a, whole, p->m, p->m - whole, weight, c);
    _tile_release();
}

TILES void vk_multiply_tiles(const vk_tile_product *p, const void *a, const void *weight, void *c) {
    switch (p->parts) {
    case 1: multiply_all(p, 1, a, weight, c); break;
    case 2: multiply_all(p, 2, a, weight, c); break;
    default: multiply_all(p, 3, a, weight, c);
    }
}
#else
void vk_split_operand(const float *x, int64_t count, int32_t parts, void *to) { __builtin_trap(); }
int64_t vk_tile_weight_size(int64_t k, int64_t n, int32_t parts) { return 0; }
void vk_lay_tile_weight(const float *w, int transposed, int64_t k, int64_t n, int32_t parts, void *to) { __builtin_trap(); }
void vk_multiply_tiles(const vk_tile_product *p, const void *a, const void *weight, void *c) { __builtin_trap(); }
#endif
