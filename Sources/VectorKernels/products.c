// Products of matrices in f32 by AVX-512: 9 rows by 48 columns of the result stay in registers while the sum runs. Every value is one sum in
// the order of k, cut into blocks that depend on k alone, so that its bytes follow from its row of a and its column of b.
#include "VectorKernels.h"

#if defined(__x86_64__)
#include "lanes.h"
#include "products.h"

int vk_has_wide_vectors(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

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
WIDE_PART void step(const int rows, const int vectors, const float *a, int64_t a_row, const float *b, __m512 sums[ROWS][VECTORS]) {
    __m512 columns[VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) columns[j] = _mm512_loadu_ps(b + j * 16);
    UNROLLED for (int r = 0; r < rows; r++) {
        __m512 value = _mm512_set1_ps(a[r * a_row]);
        UNROLLED for (int j = 0; j < vectors; j++) sums[r][j] = _mm512_fmadd_ps(value, columns[j], sums[r][j]);
    }
}

WIDE_PART void block(const int rows, const int vectors, const int turned, const part *p) {
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
    static WIDE void block_##rows##_##vectors(const part *p) { block(rows, vectors, 0, p); } \
    static WIDE void turned_##rows##_##vectors(const part *p) { block(rows, vectors, 1, p); }
EACH(DEFINE, 1)
EACH(DEFINE, 2)
EACH(DEFINE, 3)
#define NAME(rows, vectors) block_##rows##_##vectors,
#define TURNED(rows, vectors) turned_##rows##_##vectors,
static void (*const blocks[2][VECTORS][ROWS])(const part *) = {
    {{EACH(NAME, 1)}, {EACH(NAME, 2)}, {EACH(NAME, 3)}}, {{EACH(TURNED, 1)}, {EACH(TURNED, 2)}, {EACH(TURNED, 3)}}};

// Vectors of the panel that begins with column j of n: panels are nearly equal.
static int panel_vectors(int64_t n, int64_t j) {
    int64_t left = (n - j + 15) / 16, panels = (left + VECTORS - 1) / VECTORS;
    return (int)((left + panels - 1) / panels);
}

// Columns j ... of `depth` rows, `count` of them, as rows of whole vectors with zeros after the last.
WIDE_PART void lay_panel(const two_parts *x, int64_t depth, int64_t j, int64_t count, int vectors, float *to) {
    __mmask16 last = lanes_mask(count - (vectors - 1) * 16);
    for (int64_t i = 0; i < depth; i++) {
        const float *row = row_of(x, i) + j;
        for (int v = 0; v < vectors; v++, to += 16) _mm512_store_ps(to, _mm512_maskz_loadu_ps(v == vectors - 1 ? last : 0xffff, row + v * 16));
    }
}
// The same of the transpose: rows j ... are its columns.
WIDE_PART void lay_turned_panel(const two_parts *x, int64_t depth, int64_t j, int64_t count, int vectors, float *to) {
    int64_t width = vectors * 16;
    for (int64_t at = 0; at < width; at += 16) {
        const float *rows[16];
        __mmask16 there[16];
        for (int k = 0; k < 16; k++) {
            there[k] = at + k < count ? 0xffff : 0;
            rows[k] = row_of(x, j + (there[k] ? at + k : 0));
        }
        for (int64_t i = 0; i < depth; i += 16) {
            __m512i r[16];
            __mmask16 mask = lanes_mask(depth - i);
            for (int k = 0; k < 16; k++) r[k] = _mm512_maskz_loadu_epi32(mask & there[k], rows[k] + i);
            transpose(r);
            for (int k = 0; k < 16 && i + k < depth; k++) _mm512_store_si512(to + (i + k) * width + at, r[k]);
        }
    }
}

WIDE void vk_lay_panels(const two_parts *x, int turned, int64_t k, int64_t n, float *panels) {
    for (int64_t j = 0; j < n;) {
        int vectors = panel_vectors(n, j);
        int64_t count = n - j < vectors * 16 ? n - j : vectors * 16;
        if (turned) lay_turned_panel(x, k, j, count, vectors, panels + j * k);
        else lay_panel(x, k, j, count, vectors, panels + j * k);
        j += count;
    }
}

int64_t vk_panels_size(int64_t k, int64_t n) { return k * ((n + 15) / 16 * 16) * (int64_t)sizeof(float); }

void vk_multiply_panels(const product *p, const float *a, const float *panels, float *c) {
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
#else
int vk_has_wide_vectors(void) { return 0; }
#endif
