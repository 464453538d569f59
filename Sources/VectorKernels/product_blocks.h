// Products of panels, as products.c says, for whoever defines TARGET, what a processor has, and MULTIPLY_ADD(a, b, sum), what becomes of 16 values.
#pragma once
#include "products.h"

#define TARGET_PART static inline __attribute__((always_inline)) TARGET

// Terms of a sum that are added up before they join what other blocks gave: a panel of b so deep stays near the processor.
#define DEPTH 512

#define UNROLLED _Pragma("clang loop unroll(full)")

typedef struct {
    const float *a, *b;
    float *c;
    int64_t a_row, a_column, depth, c_row;
    __mmask16 last;  // of the last vector of columns
    int adds;        // whether c holds the sum of blocks before
} part;

// One term of every sum.
TARGET_PART void step(const int rows, const int vectors, const float *a, int64_t a_row, const float *b, __m512 sums[ROWS][VECTORS]) {
    __m512 columns[VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) columns[j] = _mm512_loadu_ps(b + j * 16);
    UNROLLED for (int r = 0; r < rows; r++) {
        __m512 value = _mm512_set1_ps(a[r * a_row]);
        UNROLLED for (int j = 0; j < vectors; j++) sums[r][j] = MULTIPLY_ADD(value, columns[j], sums[r][j]);
    }
}

TARGET_PART void block(const int rows, const int vectors, const int turned, const part *p) {
    __m512 sums[ROWS][VECTORS];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int j = 0; j < vectors; j++) sums[r][j] = _mm512_setzero_ps();
    const float *a = p->a, *b = p->b;
    const int64_t a_row = turned ? 1 : p->a_row, a_column = turned ? p->a_column : 1, b_row = vectors * 16;
    UNROLLED for (int r = 0; r < rows; r++)  // the result's places are fetched while the sums run
        UNROLLED for (int j = 0; j < vectors; j++) __builtin_prefetch(p->c + r * p->c_row + j * 16, 1, 3);
    int64_t i = 0;
    for (; i + 4 <= p->depth; i += 4, a += 4 * a_column, b += 4 * b_row) {
        step(rows, vectors, a, a_row, b, sums);
        step(rows, vectors, a + a_column, a_row, b + b_row, sums);
        step(rows, vectors, a + 2 * a_column, a_row, b + 2 * b_row, sums);
        step(rows, vectors, a + 3 * a_column, a_row, b + 3 * b_row, sums);
    }
    for (; i < p->depth; i++, a += a_column, b += b_row) step(rows, vectors, a, a_row, b, sums);
    UNROLLED for (int j = 0; j < vectors; j++) {
        __mmask16 mask = j == vectors - 1 ? p->last : 0xffff;
        UNROLLED for (int r = 0; r < rows; r++) {
            float *to = p->c + r * p->c_row + j * 16;
            __m512 sum = sums[r][j];
            if (p->adds) sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), sum);
            _mm512_mask_storeu_ps(to, mask, sum);
        }
    }
}

// Registers are given out when the program is compiled: a function for each number of rows and of vectors.
#define EACH(X, vectors) X(1, vectors) X(2, vectors) X(3, vectors) X(4, vectors) X(5, vectors) X(6, vectors) X(7, vectors) X(8, vectors) X(9, vectors)
#define DEFINE(rows, vectors) \
    static TARGET void block_##rows##_##vectors(const part *p) { block(rows, vectors, 0, p); } \
    static TARGET void turned_##rows##_##vectors(const part *p) { block(rows, vectors, 1, p); }
EACH(DEFINE, 1)
EACH(DEFINE, 2)
EACH(DEFINE, 3)
#define NAME(rows, vectors) block_##rows##_##vectors,
#define TURNED(rows, vectors) turned_##rows##_##vectors,
static void (*const blocks[2][VECTORS][ROWS])(const part *) = {
    {{EACH(NAME, 1)}, {EACH(NAME, 2)}, {EACH(NAME, 3)}}, {{EACH(TURNED, 1)}, {EACH(TURNED, 2)}, {EACH(TURNED, 3)}}};

static void multiply_panels(const product *p, const float *a, const float *panels, float *c) {
    int64_t parts = (p->k + DEPTH - 1) / DEPTH, depth = parts ? (p->k + parts - 1) / parts : 0;
    int64_t count = (p->m + ROWS - 1) / ROWS, rows = count ? p->m / count : 0, longer = count ? p->m % count : 0;
    for (int64_t start = 0, first = 1; first || start < p->k; start += depth, first = 0) {
        int64_t deep = p->k - start < depth ? p->k - start : depth;
        for (int64_t j = 0, columns; j < p->n; j += columns) {
            int vectors = panel_vectors(p->n, j);
            columns = p->n - j < vectors * 16 ? p->n - j : vectors * 16;
            part one = {
                a + start * p->a_column, panels + j * p->k + start * vectors * 16, c + j, p->a_row, p->a_column, deep, p->c_row,
                (__mmask16)(0xffff >> (vectors * 16 - columns)), !first};
            for (int64_t i = 0; i < count; i++) {
                int64_t high = rows + (i < longer);
                blocks[p->a_column != 1][vectors - 1][high - 1](&one);
                one.a += high * p->a_row;
                one.c += high * p->c_row;
            }
        }
    }
}
