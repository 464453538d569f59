// Products of matrices in f32 by AVX-512: 9 rows by 48 columns of the result stay in registers while the sum runs. Every value is one sum in
// the order of k, cut into blocks that depend on k alone, so that its bytes follow from its row of a and its column of b.
#include "VectorKernels.h"

#if defined(__x86_64__)
#include "lanes.h"
#include "products.h"

int vk_has_wide_vectors(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

#define TARGET WIDE
#define MULTIPLY_ADD(a, b, sum) _mm512_fmadd_ps(a, b, sum)
#include "product_blocks.h"

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

void vk_multiply_panels(const product *p, const float *a, const float *panels, float *c) { multiply_panels(p, a, panels, c); }
#else
int vk_has_wide_vectors(void) { return 0; }
#endif
