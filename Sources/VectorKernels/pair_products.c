// Products of matrices in bf16 with sums in f32 (AVX-512 BF16): blocks and panels as in products.c, of values that are pairs.
#include "VectorKernels.h"

#if defined(__x86_64__)
#include "lanes.h"
#include "products.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define MULTIPLY_ADD(a, b, sum) _mm512_dpbf16_ps(sum, (__m512bh)(a), (__m512bh)(b))
#include "product_blocks.h"

int vk_has_wide_pairs(void) { return vk_has_wide_vectors() && __builtin_cpu_supports("avx512bf16"); }

// Sixteen values of two rows each: the first row's in the lower halves. Strides of x count pairs.
WIDE_PART __m512i beside(const uint16_t *first, const uint16_t *second, __mmask16 mask) {
    __m512i low = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, first));
    if (!second) return low;
    return _mm512_or_si512(low, _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, second)), 16));
}

WIDE void vk_lay_pair_panels(const two_parts *x, int64_t rows, int64_t n, float *panels) {
    for (int64_t j = 0; j < n;) {
        int vectors = panel_vectors(n, j);
        int64_t count = n - j < vectors * 16 ? n - j : vectors * 16;
        __mmask16 last = lanes_mask(count - (vectors - 1) * 16);
        for (int64_t i = 0; i < rows; i += 2) {
            const uint16_t *first = (const uint16_t *)row_of(x, i) + j, *second = i + 1 < rows ? (const uint16_t *)row_of(x, i + 1) + j : NULL;
            for (int v = 0; v < vectors; v++, panels += 16)
                _mm512_store_si512(panels, beside(first + v * 16, second ? second + v * 16 : NULL, v == vectors - 1 ? last : 0xffff));
        }
        j += count;
    }
}

void vk_multiply_pair_panels(const product *p, const float *a, const float *panels, float *c) { multiply_panels(p, a, panels, c); }
#else
int vk_has_wide_pairs(void) { return 0; }
#endif
