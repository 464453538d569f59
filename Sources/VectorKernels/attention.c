// Attention of one head on processors with matrix tiles (Intel AMX), whose unit multiplies 16 x 32 by 32 x 16 values of bf16 at once.
//
// Everything the unit reads is laid out in tiles of 1 KiB. A left operand's tile is 16 rows of 32 values; a right operand's holds 32 x 16
// values, two rows of the matrix in each of its 16. f32 is multiplied in two parts of bf16 each, a value and what rounding left of it,
// without low times low: f32 to about 2^-16.
#include "VectorKernels.h"
#include "lanes.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#include <math.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cpuid.h>

#define TILES __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))
#define PART static inline __attribute__((always_inline)) TILES

#define TILE 1024
#define UP(n, to) (((n) + (to) - 1) / (to) * (to))

int vk_has_tiles(void) {
    static int known = -1;
    int found = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (found >= 0) return found;
    unsigned a, b, c, d;
    found = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1) && (d >> 24 & 1) && (b >> 16 & 1) && (b >> 30 & 1) && (b >> 31 & 1)
        && (b >> 17 & 1) && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 5 & 1);
    // The kernel lends a process the tiles' state when it asks (ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA).
    if (found) found = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
    __atomic_store_n(&known, found, __ATOMIC_RELAXED);
    return found;
}

PART void configure(void) {
    struct { uint8_t palette, start, reserved[14]; uint16_t bytes[16]; uint8_t rows[16]; } all = { .palette = 1 };
    for (int i = 0; i < 8; i++) { all.bytes[i] = 64; all.rows[i] = 16; }
    _tile_loadconfig(&all);
}

// MARK: Layouts

// Rows in memory, some of which may lie elsewhere; the rest up to whole tiles are zeros.
typedef struct { const char *first, *second; int64_t first_count, count, first_stride, stride; int format; } rows;

PART const char *row_at(const rows *x, int64_t i) {
    return i < x->first_count ? x->first + i * x->first_stride : x->second + (i - x->first_count) * x->stride;
}

// Columns at ... at + 31 of row i, the high and the low part.
PART void read_32(const rows *x, int64_t i, int64_t at, __m512i *high, __m512i *low) {
    *high = *low = _mm512_setzero_si512();
    if (i >= x->count) return;
    const char *row = row_at(x, i);
    if (x->format == 1) { *high = _mm512_loadu_si512(row + at * 2); return; }
    __m512 a = _mm512_loadu_ps(row + at * 4), b = _mm512_loadu_ps(row + at * 4 + 64);
    *high = (__m512i)_mm512_cvtne2ps_pbh(b, a);
    __m512 a_high = (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(*high)), 16);
    __m512 b_high = (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(*high, 1)), 16);
    *low = (__m512i)_mm512_cvtne2ps_pbh(_mm512_sub_ps(b, b_high), _mm512_sub_ps(a, a_high));
}

PART void transpose(__m512i r[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 8; i++) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    }
}

PART void store_tile(char *to, const __m512i r[16]) {
    for (int i = 0; i < 16; i++) _mm512_store_si512(to + i * 64, r[i]);
}

// Tiles (part, row block, block of 32 columns): of a left operand, and, `turned`, of the transpose as a right one.
PART void lay_rows(const rows *x, int64_t width, int64_t blocks, int parts, int turned, char *to) {
    int64_t steps = width / 32, size = blocks * steps * TILE;
    for (int64_t block = 0; block < blocks; block++)
        for (int64_t step = 0; step < steps; step++) {
            __m512i high[16], low[16];
            for (int i = 0; i < 16; i++) read_32(x, block * 16 + i, step * 32, &high[i], &low[i]);
            char *tile = to + (block * steps + step) * TILE;
            if (turned) transpose(high);
            store_tile(tile, high);
            if (parts == 1) continue;
            if (turned) transpose(low);
            store_tile(tile + size, low);
        }
}

PART __m512i interleaved(__m512i a, __m512i b, int upper) {
    const __m512i lower_half = _mm512_set_epi16(
        47, 15, 46, 14, 45, 13, 44, 12, 43, 11, 42, 10, 41, 9, 40, 8, 39, 7, 38, 6, 37, 5, 36, 4, 35, 3, 34, 2, 33, 1, 32, 0);
    return _mm512_permutex2var_epi16(a, upper ? _mm512_add_epi16(lower_half, _mm512_set1_epi16(16)) : lower_half, b);
}

// Tiles (part, block of 32 rows, block of 16 columns) of a right operand; `turned`: (part, block of 16 columns, block of 32 rows) of the
// transpose as a left one.
PART void lay_pairs(const rows *x, int64_t width, int64_t steps, int parts, int turned, char *to) {
    int64_t blocks = width / 16, size = blocks * steps * TILE;
    for (int64_t step = 0; step < steps; step++)
        for (int64_t block = 0; block < blocks; block += 2) {
            __m512i tiles[2][2][16];
            for (int i = 0; i < 16; i++) {
                __m512i high[2], low[2];
                for (int k = 0; k < 2; k++) read_32(x, step * 32 + 2 * i + k, block * 16, &high[k], &low[k]);
                for (int k = 0; k < 2; k++) {
                    tiles[0][k][i] = interleaved(high[0], high[1], k);
                    if (parts == 2) tiles[1][k][i] = interleaved(low[0], low[1], k);
                }
            }
            for (int part = 0; part < parts; part++)
                for (int k = 0; k < 2; k++) {
                    if (turned) transpose(tiles[part][k]);
                    store_tile(to + part * size + (turned ? (block + k) * steps + step : step * blocks + block + k) * TILE, tiles[part][k]);
                }
        }
}

// MARK: Products

// Where an operand's tiles are: bytes between row (or column) blocks, between steps of the sum, and between parts.
typedef struct { const char *start; int64_t block, step, part; } tiles;

// c (rows x 16, columns x 16) of at most two tiles each way, summed over `steps`; c's rows lie `row` bytes apart, its tiles
// `down` and `right` bytes.
PART void multiply(const tiles *a, const tiles *b, int64_t steps, int parts, int rows, int columns, char *c, int64_t row, int64_t down, int64_t right) {
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
    for (int pair = parts == 2 ? 0 : 2; pair < 3; pair++) {
        const char *left = a->start + (pair == 0 ? a->part : 0), *above = b->start + (pair == 1 ? b->part : 0);
        for (int64_t k = 0; k < steps; k++, left += a->step, above += b->step) {
            _tile_loadd(4, left, 64);
            _tile_loadd(6, above, 64);
            _tile_dpbf16ps(0, 4, 6);
            if (columns > 1) {
                _tile_loadd(7, above + b->block, 64);
                _tile_dpbf16ps(1, 4, 7);
            }
            if (rows > 1) {
                _tile_loadd(5, left + a->block, 64);
                _tile_dpbf16ps(2, 5, 6);
                if (columns > 1) _tile_dpbf16ps(3, 5, 7);
            }
        }
    }
    _tile_stored(0, c, row);
    if (columns > 1) _tile_stored(1, c + right, row);
    if (rows > 1) _tile_stored(2, c + down, row);
    if (rows > 1 && columns > 1) _tile_stored(3, c + down + right, row);
}

PART int two(int64_t left) { return left > 1 ? 2 : 1; }

// c (two row blocks at most, `columns` column blocks), c a matrix of f32.
PART void multiply_row(tiles a, tiles b, int64_t steps, int parts, int rows, int64_t columns, float *c, int64_t ld) {
    for (int64_t j = 0; j < columns; j += 2, b.start += 2 * b.block)
        multiply(&a, &b, steps, parts, rows, two(columns - j), (char *)(c + j * 16), ld * 4, ld * 64, 64);
}

// A row of f32 times `factor` in the format it is wanted in.
PART void write_row(const float *from, float factor, int64_t width, int format, char *to) {
    for (int64_t i = 0; i < width; i += 16) {
        __m512 v = _mm512_mul_ps(_mm512_load_ps(from + i), _mm512_set1_ps(factor));
        if (format == 1) _mm256_storeu_si256((__m256i *)(to + i * 2), (__m256i)_mm512_cvtneps_pbh(v));
        else _mm512_storeu_ps(to + i * 4, v);
    }
}

// The gradient of keys or of values: columns `width` wide of rows that are learned, the prefix's in f32; NULL where nobody learns them.
typedef struct { char *prefix, *own; int64_t prefix_count, count, prefix_stride, stride; int format; } learned;

// The product's transpose, one tile at a time turned back: 16 x 16 of `to` for each of a's row blocks and b's column blocks.
PART void multiply_turned(tiles a, tiles b, int64_t steps, int parts, int64_t rows, int64_t columns, const learned *to) {
    char turned[4 * TILE] __attribute__((aligned(64)));
    for (int64_t j = 0; j < columns; j += 2) {
        tiles left = a, right = { b.start + j * b.block, b.block, b.step, b.part };
        for (int64_t i = 0; i < rows; i += 2, left.start += 2 * a.block) {
            int down = two(rows - i), across = two(columns - j);
            multiply(&left, &right, steps, parts, down, across, turned, 64, 2 * TILE, TILE);
            for (int y = 0; y < down; y++)
                for (int x = 0; x < across; x++) {
                    __m512i tile[16];
                    for (int k = 0; k < 16; k++) tile[k] = _mm512_load_si512(turned + (y * 2 + x) * TILE + k * 64);
                    transpose(tile);
                    for (int k = 0; k < 16; k++) {
                        int64_t row = (j + x) * 16 + k, column = (i + y) * 16;
                        if (row >= to->count) break;
                        if (row < to->prefix_count) {
                            if (to->prefix) _mm512_storeu_si512(to->prefix + row * to->prefix_stride + column * 4, tile[k]);
                        } else if (to->own) {
                            char *own = to->own + (row - to->prefix_count) * to->stride;
                            if (to->format == 1) _mm256_storeu_si256((__m256i *)(own + column * 2), (__m256i)_mm512_cvtneps_pbh((__m512)tile[k]));
                            else _mm512_storeu_si512(own + column * 4, tile[k]);
                        }
                    }
                }
        }
    }
}

// 32 values of a row as a left operand's tiles hold them.
PART __m512i halves(lanes a, lanes b) { return (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a); }
PART __m512i halves_left(lanes a, lanes b, __m512i high) {
    lanes a_high = (lanes)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(high)), 16);
    lanes b_high = (lanes)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(high, 1)), 16);
    return halves(a - a_high, b - b_high);
}

#define LOG2_E 1.44269504f
#define LN_2 0.693147181f

// 2^y, y at most 1: 2^r by our own minimax fit of degree 5 for r = y - floor(y), 1.5e-7 relative in f32.
PART lanes power(lanes y) {
    __m512 x = _mm512_min_ps((__m512)y, _mm512_set1_ps(1));
    lanes r = (lanes)_mm512_reduce_ps(x, 0x09);
    lanes v = SPLAT(0.00187757669f);
    v = v * r + 0.00898933969f; v = v * r + 0.0558263175f; v = v * r + 0.240153611f; v = v * r + 0.693153083f; v = v * r + 0.99999994f;
    return (lanes)_mm512_scalef_ps((__m512)v, x);
}

PART lanes masked(lanes v, int64_t count) {
    return count >= 16 ? v : (lanes)_mm512_maskz_mov_ps(count <= 0 ? 0 : (__mmask16)((1u << count) - 1), (__m512)v);
}

// MARK: The two passes

// What both passes need to know, and their share of the caller's memory.
typedef struct {
    int parts;
    int64_t keys, query_blocks, key_blocks, query_steps, key_steps, steps, blocks, ld;
    char *scratch;
} plan;

PART plan plan_of(const vk_attention *head, void *scratch) {
    int64_t keys = head->prefix + head->own;
    return (plan){
        head->format == 1 ? 1 : 2, keys, UP(head->queries, 16) / 16, UP(keys, 16) / 16, UP(head->queries, 32) / 32, UP(keys, 32) / 32,
        head->width / 32, head->width / 16, UP(keys, 32), scratch};
}

PART char *take(plan *p, int64_t bytes) {
    char *taken = p->scratch;
    p->scratch += UP(bytes, 64);
    return taken;
}

int64_t vk_attention_scratch(const vk_attention *head, int backward) {
    int64_t queries = UP(head->queries, 32), keys = UP(head->prefix + head->own, 32), width = head->width, parts = head->format == 1 ? 1 : 2;
    int64_t operands = 2 * parts * width * (backward ? 4 * queries + 3 * keys : queries + 2 * keys);
    int64_t scores = 32 * keys * (backward ? 8 + 2 * parts : 4 + 2 * parts), slopes = backward ? 2 * 2 * parts * queries * keys : 0;
    return operands + scores + slopes + 32 * width * 4 + queries * 4 + 16 * 64;
}

PART rows of_heads(const vk_attention *head, const void *prefix, const void *own) {
    int64_t size = head->format == 1 ? 2 : 4;
    return (rows){prefix, own, head->prefix, head->prefix + head->own, head->prefix_stride * size, head->own_stride * size, head->format};
}
PART rows of_queries(const vk_attention *head, const void *start, int64_t stride) {
    return (rows){NULL, start, 0, head->queries, 0, stride * (head->format == 1 ? 2 : 4), head->format};
}

TILES void vk_attention_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride) {
    plan p = plan_of(head, scratch);
    int64_t width = head->width;
    rows queries = of_queries(head, head->query, head->query_stride), keys = of_heads(head, head->prefix_keys, head->own_keys);
    rows values = of_heads(head, head->prefix_values, head->own_values);
    char *asking = take(&p, p.parts * p.query_blocks * p.steps * TILE), *turned_keys = take(&p, p.parts * p.key_blocks * p.steps * TILE);
    char *value_pairs = take(&p, p.parts * p.key_steps * p.blocks * TILE), *weights = take(&p, p.parts * 2 * p.key_steps * TILE);
    float *scores = (float *)take(&p, 32 * p.ld * 4), *sums = (float *)take(&p, 32 * width * 4);
    int64_t query_size = p.query_blocks * p.steps * TILE, key_size = p.key_blocks * p.steps * TILE, weight_size = 2 * p.key_steps * TILE;
    lay_rows(&queries, width, p.query_blocks, p.parts, 0, asking);
    lay_rows(&keys, width, p.key_blocks, p.parts, 1, turned_keys);
    lay_pairs(&values, width, p.key_steps, p.parts, 0, value_pairs);
    float rate = head->scale * LOG2_E;
    configure();

    for (int64_t block = 0; block < p.query_blocks; block += 2) {
        int across = two(p.query_blocks - block);
        int64_t count = head->queries - block * 16 < 32 ? head->queries - block * 16 : 32;
        multiply_row(
            (tiles){asking + block * p.steps * TILE, p.steps * TILE, TILE, query_size}, (tiles){turned_keys, p.steps * TILE, TILE, key_size},
            p.steps, p.parts, across, p.key_blocks, scores, p.ld);
        float inverse[32];
        for (int64_t r = 0; r < count; r++) {
            const float *row = scores + r * p.ld;
            // Beyond the keys there is nothing to see.
            lanes top = SPLAT(-INFINITY);
            int64_t whole = p.keys & ~15;
            for (int64_t i = 0; i < whole; i += 16) top = (lanes)_mm512_max_ps((__m512)top, (__m512)LOAD(row + i));
            if (whole < p.keys)
                top = (lanes)_mm512_mask_max_ps((__m512)top, (__mmask16)((1u << (p.keys - whole)) - 1), (__m512)top, (__m512)LOAD(row + whole));
            float most = _mm512_reduce_max_ps((__m512)top) * rate;
            lanes total[2] = {};
            char *to = weights + (r / 16) * p.key_steps * TILE + (r % 16) * 64;
            for (int64_t i = 0; i < p.ld; i += 32, to += TILE) {
                lanes a = power(LOAD(row + i) * rate - most), b = power(LOAD(row + i + 16) * rate - most);
                if (i + 32 > p.keys) {
                    a = masked(a, p.keys - i);
                    b = masked(b, p.keys - i - 16);
                }
                total[0] += a;
                total[1] += b;
                __m512i high = halves(a, b);
                _mm512_store_si512(to, high);
                if (p.parts == 2) _mm512_store_si512(to + weight_size, halves_left(a, b, high));
            }
            float sum = _mm512_reduce_add_ps((__m512)(total[0] + total[1]));
            inverse[r] = 1 / sum;
            head->log_sums[block * 16 + r] = most * LN_2 + logf(sum);
        }
        multiply_row(
            (tiles){weights, p.key_steps * TILE, TILE, weight_size}, (tiles){value_pairs, TILE, p.blocks * TILE, p.key_steps * p.blocks * TILE},
            p.key_steps, p.parts, across, p.blocks, sums, width);
        int64_t size = head->format == 1 ? 2 : 4;
        for (int64_t r = 0; r < count; r++)
            write_row(sums + r * width, inverse[r], width, head->format, (char *)output + (block * 16 + r) * output_stride * size);
    }
    _tile_release();
}

TILES void vk_attention_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                                 void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]) {
    plan p = plan_of(head, scratch);
    int64_t width = head->width, count = head->queries;
    rows queries = of_queries(head, head->query, head->query_stride), incoming = of_queries(head, gradient, gradient_stride);
    rows keys = of_heads(head, head->prefix_keys, head->own_keys), values = of_heads(head, head->prefix_values, head->own_values);
    int64_t query_size = p.query_blocks * p.steps * TILE, key_size = p.key_blocks * p.steps * TILE;
    int64_t turned_size = p.blocks * p.query_steps * TILE, slope_size = 2 * p.key_steps * TILE, pair_size = p.query_steps * 2 * p.key_steps * TILE;
    char *asking = take(&p, p.parts * query_size), *coming = take(&p, p.parts * query_size);
    char *turned_keys = take(&p, p.parts * key_size), *turned_values = take(&p, p.parts * key_size);
    float *scores = (float *)take(&p, 32 * p.ld * 4), *slopes = (float *)take(&p, 32 * p.ld * 4), *sums = (float *)take(&p, 32 * width * 4);
    float *log_sums = (float *)take(&p, p.query_steps * 32 * 4);
    char *key_pairs = NULL, *score_slopes = NULL, *turned_queries = NULL, *turned_incoming = NULL, *weight_pairs = NULL, *slope_pairs = NULL;
    lay_rows(&queries, width, p.query_blocks, p.parts, 0, asking);
    lay_rows(&incoming, width, p.query_blocks, p.parts, 0, coming);
    lay_rows(&keys, width, p.key_blocks, p.parts, 1, turned_keys);
    lay_rows(&values, width, p.key_blocks, p.parts, 1, turned_values);
    if (dquery) {
        lay_pairs(&keys, width, p.key_steps, p.parts, 0, key_pairs = take(&p, p.parts * p.key_steps * p.blocks * TILE));
        score_slopes = take(&p, p.parts * slope_size);
    }
    int learns = dprefix[0] || down[0];
    if (learns) {
        lay_pairs(&queries, width, p.query_steps, p.parts, 1, turned_queries = take(&p, p.parts * turned_size));
        lay_pairs(&incoming, width, p.query_steps, p.parts, 1, turned_incoming = take(&p, p.parts * turned_size));
        weight_pairs = take(&p, p.parts * pair_size);
        slope_pairs = take(&p, p.parts * pair_size);
    }
    for (int64_t i = 0; i < p.query_steps * 32; i++) log_sums[i] = i < count ? head->log_sums[i] * LOG2_E : 0;
    float rate = head->scale * LOG2_E;
    configure();

    for (int64_t block = 0; block < p.query_blocks; block += 2) {
        int across = two(p.query_blocks - block);
        multiply_row(
            (tiles){asking + block * p.steps * TILE, p.steps * TILE, TILE, query_size}, (tiles){turned_keys, p.steps * TILE, TILE, key_size},
            p.steps, p.parts, across, p.key_blocks, scores, p.ld);
        multiply_row(
            (tiles){coming + block * p.steps * TILE, p.steps * TILE, TILE, query_size}, (tiles){turned_values, p.steps * TILE, TILE, key_size},
            p.steps, p.parts, across, p.key_blocks, slopes, p.ld);
        // Rows beyond the last query, and columns beyond the last key, are made of zeros and add none.
        if (across == 1) {
            memset(scores + 16 * p.ld, 0, (size_t)(16 * p.ld) * 4);
            memset(slopes + 16 * p.ld, 0, (size_t)(16 * p.ld) * 4);
        }
        if (p.key_blocks % 2)
            for (int64_t r = 0; r < 32; r++) {
                STORE(scores + r * p.ld + p.ld - 16, SPLAT(0));
                STORE(slopes + r * p.ld + p.ld - 16, SPLAT(0));
            }
        for (int64_t r = 0; r < 32; r += 2) {
            float *row = scores + r * p.ld, *slope = slopes + r * p.ld;
            int64_t query = block * 16 + r;
            char *pairs = weight_pairs + (block / 2) * 2 * p.key_steps * TILE + r / 2 * 64;
            lanes dots[4] = {};
            for (int64_t i = 0; i < p.ld; i += 32, pairs += 2 * TILE) {
                __m512i high[2], low[2];
                for (int k = 0; k < 2; k++) {
                    lanes a = power(LOAD(row + k * p.ld + i) * rate - log_sums[query + k]);
                    lanes b = power(LOAD(row + k * p.ld + i + 16) * rate - log_sums[query + k]);
                    STORE(row + k * p.ld + i, a);
                    STORE(row + k * p.ld + i + 16, b);
                    dots[k] += a * LOAD(slope + k * p.ld + i);
                    dots[k + 2] += b * LOAD(slope + k * p.ld + i + 16);
                    high[k] = halves(a, b);
                    if (p.parts == 2) low[k] = halves_left(a, b, high[k]);
                }
                if (!weight_pairs) continue;
                for (int half = 0; half < 2; half++) {
                    _mm512_store_si512(pairs + half * TILE, interleaved(high[0], high[1], half));
                    if (p.parts == 2) _mm512_store_si512(pairs + pair_size + half * TILE, interleaved(low[0], low[1], half));
                }
            }
            float known[2];
            for (int k = 0; k < 2; k++) known[k] = query + k >= count ? 0 : delta ? delta[query + k] : _mm512_reduce_add_ps((__m512)(dots[k] + dots[k + 2]));
            pairs = slope_pairs + (block / 2) * 2 * p.key_steps * TILE + r / 2 * 64;
            char *to = score_slopes + (r / 16) * p.key_steps * TILE + (r % 16) * 64;
            for (int64_t i = 0; i < p.ld; i += 32, pairs += 2 * TILE, to += TILE) {
                __m512i high[2], low[2];
                for (int k = 0; k < 2; k++) {
                    lanes a = head->scale * LOAD(row + k * p.ld + i) * (LOAD(slope + k * p.ld + i) - known[k]);
                    lanes b = head->scale * LOAD(row + k * p.ld + i + 16) * (LOAD(slope + k * p.ld + i + 16) - known[k]);
                    high[k] = halves(a, b);
                    if (p.parts == 2) low[k] = halves_left(a, b, high[k]);
                    if (!score_slopes) continue;
                    _mm512_store_si512(to + k * 64, high[k]);
                    if (p.parts == 2) _mm512_store_si512(to + slope_size + k * 64, low[k]);
                }
                if (!slope_pairs) continue;
                for (int half = 0; half < 2; half++) {
                    _mm512_store_si512(pairs + half * TILE, interleaved(high[0], high[1], half));
                    if (p.parts == 2) _mm512_store_si512(pairs + pair_size + half * TILE, interleaved(low[0], low[1], half));
                }
            }
        }
        if (!dquery) continue;
        multiply_row(
            (tiles){score_slopes, p.key_steps * TILE, TILE, slope_size}, (tiles){key_pairs, TILE, p.blocks * TILE, p.key_steps * p.blocks * TILE},
            p.key_steps, p.parts, across, p.blocks, sums, width);
        int64_t size = head->format == 1 ? 2 : 4;
        for (int64_t r = 0; r < 32 && block * 16 + r < count; r++)
            write_row(sums + r * width, 1, width, head->format, (char *)dquery + (block * 16 + r) * dquery_stride * size);
    }
    if (learns) {
        int64_t size = head->format == 1 ? 2 : 4;
        for (int k = 0; k < 2; k++) {
            tiles left = {k == 0 ? turned_queries : turned_incoming, p.query_steps * TILE, TILE, turned_size};
            tiles right = {k == 0 ? slope_pairs : weight_pairs, TILE, 2 * p.key_steps * TILE, pair_size};
            learned to = {(char *)dprefix[k], down[k], head->prefix, p.keys, head->prefix_stride * 4, head->own_stride * size, head->format};
            multiply_turned(left, right, p.query_steps, p.parts, p.blocks, p.key_blocks, &to);
        }
    }
    _tile_release();
}
#else
int vk_has_tiles(void) { return 0; }
int64_t vk_attention_scratch(const vk_attention *head, int backward) { return 0; }
void vk_attention_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride) { __builtin_trap(); }
void vk_attention_backward(const vk_attention *head, void *scratch, const void *gradient, int64_t gradient_stride, const float *delta,
                           void *dquery, int64_t dquery_stride, float *const dprefix[2], void *const down[2]) { __builtin_trap(); }
#endif
