// Matrices laid out in tiles for a processor's matrix unit (Intel AMX), which multiplies 16 x 32 by 32 x 16 values of bf16 at once, and their products.
//
// A tile is 1 KiB. A left operand's is 16 rows of 32 values; a right operand's holds 32 x 16 values, two rows of the matrix in each of
// its 16. f32 is multiplied in two parts of bf16 each, a value and what rounding left of it, without low times low: f32 to about 2^-16.
#pragma once
#include "lanes.h"
#include "wide.h"

#define TILES __attribute__((target("amx-tile,amx-bf16,amx-int8,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))
#define PART static inline __attribute__((always_inline)) TILES

#define TILE 1024

// Tiles 0 to 3 are sums, 4 and 5 left operands, 6 and 7 right ones. `rows`: of left operands' and of sums' tiles.
PART void configure(int rows) {
    struct { uint8_t palette, start, reserved[14]; uint16_t bytes[16]; uint8_t rows[16]; } all = { .palette = 1 };
    for (int i = 0; i < 8; i++) {
        all.bytes[i] = 64;
        all.rows[i] = i < 6 ? (uint8_t)rows : 16;
    }
    _tile_loadconfig(&all);
}

// MARK: Layouts

// Rows in memory, some of which may lie elsewhere; the rest up to whole tiles are zeros.
typedef struct { const char *first, *second; int64_t first_count, count, first_stride, stride; int format; } rows;

PART const char *row_at(const rows *x, int64_t i) {
    return i < x->first_count ? x->first + i * x->first_stride : x->second + (i - x->first_count) * x->stride;
}

// 32 values in bf16, and what rounding left of them.
PART __m512i halves(lanes a, lanes b) { return (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a); }
PART void leave(lanes *a, lanes *b, __m512i high) {
    *a -= (lanes)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(high)), 16);
    *b -= (lanes)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(high, 1)), 16);
}
PART __m512i halves_left(lanes a, lanes b, __m512i high) {
    leave(&a, &b, high);
    return halves(a, b);
}

// Columns at ... at + 31 of row i, the high and the low part.
PART void read_32(const rows *x, int64_t i, int64_t at, __m512i *high, __m512i *low) {
    *high = *low = _mm512_setzero_si512();
    if (i >= x->count) return;
    const char *row = row_at(x, i);
    if (x->format == 1) { *high = _mm512_loadu_si512(row + at * 2); return; }
    lanes a = LOAD(row + at * 4), b = LOAD(row + at * 4 + 64);
    *high = halves(a, b);
    *low = halves_left(a, b, *high);
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

// Two rows' 32 values as a right operand's two tiles hold them, at `to` for the values and `part` bytes further for what rounding left.
PART void store_pairs(const __m512i high[2], const __m512i low[2], int parts, int64_t part, char *to) {
    for (int half = 0; half < 2; half++) {
        _mm512_store_si512(to + half * TILE, interleaved(high[0], high[1], half));
        if (parts == 2) _mm512_store_si512(to + part + half * TILE, interleaved(low[0], low[1], half));
    }
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

// Where an operand's tiles are: bytes between a tile's rows, between row (or column) blocks, between steps of the sum, and between parts.
typedef struct { const char *start; int64_t row, block, step, part; } tiles;

PART tiles in_tiles(const char *start, int64_t block, int64_t step, int64_t part) { return (tiles){start, 64, block, step, part}; }

PART void load_left(const char *at, const tiles *a, const int rows) {
    _tile_loadd(4, at, a->row);
    if (rows > 1) _tile_loadd(5, at + a->block, a->row);
}
PART void load_above(const char *at, const tiles *b, const int columns) {
    _tile_loadd(6, at, b->row);
    if (columns > 1) _tile_loadd(7, at + b->block, b->row);
}
PART void multiply_loaded(const int rows, const int columns) {
    _tile_dpbf16ps(0, 4, 6);
    if (columns > 1) _tile_dpbf16ps(1, 4, 7);
    if (rows > 1) _tile_dpbf16ps(2, 5, 6);
    if (rows > 1 && columns > 1) _tile_dpbf16ps(3, 5, 7);
}

// c (rows x 16, columns x 16) of at most two tiles each way, summed over `steps`; c's rows lie `row` bytes apart, its tiles
// `down` and `right` bytes.
PART void multiply(const tiles *a, const tiles *b, int64_t steps, const int parts, const int rows, const int columns, char *c, int64_t row,
                   int64_t down, int64_t right) {
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
    const char *left = a->start, *above = b->start;
    for (int64_t k = 0; k < steps; k++, left += a->step, above += b->step) {
        load_left(left, a, rows);
        if (parts == 2) {  // each product has one operand of the product before: high low, high high, low high
            load_above(above + b->part, b, columns);
            multiply_loaded(rows, columns);
        }
        load_above(above, b, columns);
        multiply_loaded(rows, columns);
        if (parts == 2) {
            load_left(left + a->part, a, rows);
            multiply_loaded(rows, columns);
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
