// Products of f32 with a weight by matrix tiles of integers (Intel AMX), whose sums are exact: the scheme of Ozaki, Ogita, Oishi and Rump (Numerical
// Algorithms, 2012) on integers (Ootomo, Ozaki and Yokota, DGEMM on Integer Matrix Multiplication Unit, 2024).
//
// Each row of activations, and each column of the weight, is a row of integers below 2^23 times a power of two of its own, and an integer is three digits of a
// byte, each from -128 to 127. Sums of products of digits stay below 2^31 and are exact in any order. Of the nine products of digits the six largest
// count; the others are at most 2^-23 of the largest possible term, and as a rule far less.
#include "VectorKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include "tiles.h"
#include <math.h>

#define DIGITS 3
#define STEP (DIGITS * TILE)  // of 64 values of a sum

static int64_t steps(int64_t k) { return (k + 63) / 64; }

int64_t vk_digit_scratch(int64_t m, int64_t k) { return UP(m, 16) * (steps(k) * 64 * DIGITS + 4); }
int64_t vk_digit_weight_size(int64_t k, int64_t n) { return UP(n, 16) * (steps(k) * 64 * DIGITS + 4); }

// MARK: Digits

// Of |values| their bits, which are in their order, and NaN above all: the power of two (biased) that the largest is below, with room for the
// digits' own range.
PART __m512i exponents(__m512i bits) {
    __m512i e = _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x20000)), 23);
    return _mm512_max_epi32(e, _mm512_set1_epi32(30));  // a unit is 2^-119 at least
}
PART __m512i magnitude(__m512i v) { return _mm512_and_si512(v, _mm512_set1_epi32(0x7fffffff)); }
// 2^(exponent - 22), NaN where a value is not finite; and its inverse.
PART __m512 units(__m512i e, __m512i bits) {
    __m512 unit = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(22)), 23));
    return _mm512_mask_mov_ps(unit, _mm512_cmpge_epi32_mask(bits, _mm512_set1_epi32(0x7f800000)), _mm512_set1_ps(NAN));
}
PART __m512 inverse_units(__m512i e) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_sub_epi32(_mm512_set1_epi32(276), e), 23)); }

// The digits of v, a byte each, the lowest first.
PART __m512i digits(__m512 v, __m512 inverse) {
    const __m512i middle = _mm512_set1_epi32(0x808080);
    return _mm512_xor_si512(_mm512_add_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(v, inverse)), middle), middle);
}

// 64 values of a row, the three digits apart. Within 64 their order is that of the instructions here: 4 (4 lane + vector) + byte, which a weight has too.
PART void lay_64(const __m512i of[4], char *to) {
    const __m512i apart = _mm512_broadcast_i32x4(_mm_setr_epi8(2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12, 3, 7, 11, 15));
    __m512i t[4];
    for (int i = 0; i < 4; i++) t[i] = _mm512_shuffle_epi8(of[i], apart);
    __m512i a = _mm512_unpacklo_epi32(t[0], t[1]), b = _mm512_unpacklo_epi32(t[2], t[3]);
    _mm512_store_si512(to, _mm512_unpacklo_epi64(a, b));
    _mm512_store_si512(to + TILE, _mm512_unpackhi_epi64(a, b));
    _mm512_store_si512(to + 2 * TILE, _mm512_unpacklo_epi64(_mm512_unpackhi_epi32(t[0], t[1]), _mm512_unpackhi_epi32(t[2], t[3])));
}

// Tiles (block of 16 rows, step, digit), and the units of rows.
PART void lay_activations(const float *a, int64_t m, int64_t k, char *to, float *unit) {
    int64_t whole = k / 64 * 64;
    for (int64_t i = 0; i < m; i++, a += k) {
        __m512i bits = _mm512_setzero_si512();
        for (int64_t at = 0; at < whole; at += 16) bits = _mm512_max_epi32(bits, magnitude(_mm512_loadu_si512(a + at)));
        for (int64_t at = whole; at < k; at += 16) bits = _mm512_max_epi32(bits, magnitude(_mm512_maskz_loadu_epi32(lanes_mask(k - at), a + at)));
        bits = _mm512_set1_epi32(_mm512_reduce_max_epi32(bits));
        __m512i e = exponents(bits);
        __m512 inverse = inverse_units(e);
        unit[i] = _mm512_cvtss_f32(units(e, bits));
        char *row = to + i / 16 * steps(k) * STEP + i % 16 * 64;
        __m512i of[4];
        for (int64_t at = 0; at < whole; at += 64, row += STEP) {
            for (int z = 0; z < 4; z++) of[z] = digits(_mm512_loadu_ps(a + at + z * 16), inverse);
            lay_64(of, row);
        }
        if (whole == k) continue;
        for (int z = 0; z < 4; z++) of[z] = digits(_mm512_maskz_loadu_ps(lanes_mask(k - whole - z * 16), a + whole + z * 16), inverse);
        lay_64(of, row);
    }
}

// 16 rows of the weight from row `from`, of 16 columns from `column`; zeros past its edges.
PART void read_16(const float *w, int transposed, int64_t k, int64_t n, int64_t from, int64_t column, __m512i r[16]) {
    __mmask16 some = lanes_mask(transposed ? k - from : n - column);
    for (int i = 0; i < 16; i++) {
        int isThere = transposed ? column + i < n : from + i < k;
        r[i] = isThere ? _mm512_maskz_loadu_epi32(some, transposed ? w + (column + i) * k + from : w + (from + i) * n + column) : _mm512_setzero_si512();
    }
    if (transposed) transpose(r);
}

// Tiles (block of 16 columns, step, digit), and then the units of columns.
TILES void vk_lay_digit_weight(const float *w, int transposed, int64_t k, int64_t n, void *laid) {
    char *to = laid;
    float *unit = (float *)(to + UP(n, 16) * steps(k) * 64 * DIGITS);
    for (int64_t column = 0; column < n; column += 16, unit += 16) {
        __m512i r[16], bits = _mm512_setzero_si512();
        for (int64_t from = 0; from < k; from += 16) {
            read_16(w, transposed, k, n, from, column, r);
            for (int i = 0; i < 16; i++) bits = _mm512_max_epi32(bits, magnitude(r[i]));
        }
        __m512i e = exponents(bits);
        __m512 inverse = inverse_units(e);
        // Sums of the highest digits' products are worth 2^32 units, those of the lowest that count 2^16.
        _mm512_store_ps(unit, _mm512_mul_ps(units(e, bits), _mm512_set1_ps(0x1p16f)));
        for (int64_t from = 0; from < steps(k) * 64; from += 16) {
            read_16(w, transposed, k, n, from, column, r);
            char *tile = to + from / 64 * STEP + from % 64 / 16 * 64;
            for (int lane = 0; lane < 4; lane++) {
                __m512i d[4];
                for (int i = 0; i < 4; i++) d[i] = digits(_mm512_castsi512_ps(r[4 * lane + i]), inverse);
                for (int digit = 0; digit < DIGITS; digit++) {
                    __m512i row = _mm512_setzero_si512();
                    for (int i = 0; i < 4; i++)
                        row = _mm512_or_si512(row, _mm512_slli_epi32(_mm512_and_si512(_mm512_srli_epi32(d[i], 8 * (2 - digit)), _mm512_set1_epi32(255)), 8 * i));
                    _mm512_store_si512(tile + digit * TILE + lane * 256, row);
                }
            }
        }
        to += steps(k) * STEP;
    }
}

// MARK: Products

// A tile's sums on their way into c: 2^32, 2^24 and 2^16 units apart.
typedef struct {
    int32_t sums[3][256] __attribute__((aligned(64)));
    int64_t row, rows, column;
} block_sums;

// Row r of the tile.
PART void finish_row(const vk_digit_product *p, const block_sums *from, int64_t r, const float *row_units, const float *column_units, float *c) {
    __mmask16 some = lanes_mask(p->n - from->column);
    __m512 v = _mm512_cvtepi32_ps(_mm512_load_si512(from->sums[2] + r * 16));
    v = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(from->sums[1] + r * 16)), _mm512_set1_ps(0x1p8f), v);
    v = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(from->sums[0] + r * 16)), _mm512_set1_ps(0x1p16f), v);
    v = _mm512_mul_ps(_mm512_mul_ps(v, _mm512_set1_ps(row_units[from->row + r])), _mm512_load_ps(column_units + from->column));
    if (p->bias) v = _mm512_add_ps(v, _mm512_maskz_loadu_ps(some, p->bias + from->column));
    int64_t place = (from->row + r) * p->n + from->column;
    if (p->residual) v = _mm512_add_ps(v, _mm512_maskz_loadu_ps(some, p->residual + place));
    _mm512_mask_storeu_ps(c + place, some, v);
}

// 64 terms of a tile's sums: six tiles are loaded for six products.
PART void multiply_digits_step(const char *a, const char *b) {
    _tile_loadd(4, a, 64);
    _tile_loadd(6, b, 64);
    _tile_dpbssd(0, 4, 6);
    _tile_loadd(7, b + TILE, 64);
    _tile_dpbssd(1, 4, 7);
    _tile_loadd(5, a + TILE, 64);
    _tile_dpbssd(2, 5, 7);
    _tile_loadd(3, a + 2 * TILE, 64);
    _tile_dpbssd(1, 5, 6);
    _tile_dpbssd(2, 3, 6);
    _tile_loadd(7, b + 2 * TILE, 64);
    _tile_dpbssd(2, 4, 7);
}

TILES void vk_multiply_digits(const vk_digit_product *p, const float *a, void *scratch, const void *of_weight, float *c) {
    const char *weight = of_weight;
    char *laid = scratch;
    int64_t count = steps(p->k), block = count * STEP;
    float *row_units = (float *)(laid + UP(p->m, 16) / 16 * block);
    const float *column_units = (const float *)(weight + UP(p->n, 16) / 16 * block);
    lay_activations(a, p->m, p->k, laid, row_units);
    // While the matrix unit has a tile, the vectors finish the one before.
    block_sums both[2], *now = both, *before = both + 1;
    before->rows = 0;
    configure(16);
    for (int64_t j = 0; j < p->n; j += 16, weight += block)
        for (int64_t i = 0; i < p->m; i += 16) {
            int64_t share = (before->rows + count - 1) / count, next = 0;
            const char *left = laid + i / 16 * block, *above = weight;
            _tile_zero(0); _tile_zero(1); _tile_zero(2);
            for (int64_t step = 0; step < count; step++, left += STEP, above += STEP) {
                multiply_digits_step(left, above);
                for (int64_t end = next + share; next < end && next < before->rows; next++) finish_row(p, before, next, row_units, column_units, c);
            }
            _tile_stored(0, now->sums[0], 64);
            _tile_stored(1, now->sums[1], 64);
            _tile_stored(2, now->sums[2], 64);
            now->row = i; now->rows = p->m - i < 16 ? p->m - i : 16; now->column = j;
            block_sums *done = now;
            now = before;
            before = done;
        }
    for (int64_t r = 0; r < before->rows; r++) finish_row(p, before, r, row_units, column_units, c);
    _tile_release();
}
#else
int64_t vk_digit_scratch(int64_t m, int64_t k) { return 0; }
int64_t vk_digit_weight_size(int64_t k, int64_t n) { return 0; }
void vk_lay_digit_weight(const float *w, int transposed, int64_t k, int64_t n, void *to) { __builtin_trap(); }
void vk_multiply_digits(const vk_digit_product *p, const float *a, void *scratch, const void *weight, float *c) { __builtin_trap(); }
#endif
