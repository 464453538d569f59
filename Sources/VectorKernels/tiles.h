// Matrices laid out in tiles for a processor's matrix unit (Intel AMX), which multiplies 16 x 32 by 32 x 16 values of bf16 at once, and their products.
//
// A tile is 1 KiB. A left operand's is 16 rows of 32 values; a right operand's holds 32 x 16 values, two rows of the matrix in each of its 16.
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

// 32 values in bf16.
PART __m512i halves(lanes a, lanes b) { return (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a); }

// Columns at ... at + 31 of row i.
PART __m512i read_32(const rows *x, int64_t i, int64_t at) {
    if (i >= x->count) return _mm512_setzero_si512();
    const char *row = row_at(x, i);
    return x->format == 1 ? _mm512_loadu_si512(row + at * 2) : halves(LOAD(row + at * 4), LOAD(row + at * 4 + 64));
}

PART void store_tile(char *to, const __m512i r[16]) {
    for (int i = 0; i < 16; i++) _mm512_store_si512(to + i * 64, r[i]);
}

// Tiles (row block, block of 32 columns): of a left operand, and, `turned`, of the transpose as a right one.
PART void lay_rows(const rows *x, int64_t width, int64_t blocks, int turned, char *to) {
    for (int64_t block = 0; block < blocks; block++)
        for (int64_t step = 0; step < width / 32; step++, to += TILE) {
            __m512i tile[16];
            for (int i = 0; i < 16; i++) tile[i] = read_32(x, block * 16 + i, step * 32);
            if (turned) transpose(tile);
            store_tile(to, tile);
        }
}

PART __m512i interleaved(__m512i a, __m512i b, int upper) {
    const __m512i lower_half = _mm512_set_epi16(
        47, 15, 46, 14, 45, 13, 44, 12, 43, 11, 42, 10, 41, 9, 40, 8, 39, 7, 38, 6, 37, 5, 36, 4, 35, 3, 34, 2, 33, 1, 32, 0);
    return _mm512_permutex2var_epi16(a, upper ? _mm512_add_epi16(lower_half, _mm512_set1_epi16(16)) : lower_half, b);
}

// Two rows' 32 values as a right operand's two tiles hold them.
PART void store_pairs(const __m512i of[2], char *to) {
    for (int half = 0; half < 2; half++) _mm512_store_si512(to + half * TILE, interleaved(of[0], of[1], half));
}

// Tiles (block of 32 rows, block of 16 columns) of a right operand; `turned`: (block of 16 columns, block of 32 rows) of the transpose as a left one.
PART void lay_pairs(const rows *x, int64_t width, int64_t steps, int turned, char *to) {
    int64_t blocks = width / 16;
    for (int64_t step = 0; step < steps; step++)
        for (int64_t block = 0; block < blocks; block += 2) {
            __m512i tiles[2][16];
            for (int i = 0; i < 16; i++) {
                __m512i a = read_32(x, step * 32 + 2 * i, block * 16), b = read_32(x, step * 32 + 2 * i + 1, block * 16);
                for (int k = 0; k < 2; k++) tiles[k][i] = interleaved(a, b, k);
            }
            for (int k = 0; k < 2; k++) {
                if (turned) transpose(tiles[k]);
                store_tile(to + (turned ? (block + k) * steps + step : step * blocks + block + k) * TILE, tiles[k]);
            }
        }
}

// MARK: Products

// Where an operand's tiles are: bytes between a tile's rows, between row (or column) blocks, and between steps of the sum.
typedef struct { const char *start; int64_t row, block, step; } tiles;

PART tiles in_tiles(const char *start, int64_t block, int64_t step) { return (tiles){start, 64, block, step}; }

// Step k of a sum of two tiles each way at most.
PART void multiply_step(const tiles *a, const tiles *b, int64_t k, const int rows, const int columns) {
    const char *left = a->start + k * a->step, *above = b->start + k * b->step;
    _tile_loadd(4, left, a->row);
    if (rows > 1) _tile_loadd(5, left + a->block, a->row);
    _tile_loadd(6, above, b->row);
    if (columns > 1) _tile_loadd(7, above + b->block, b->row);
    _tile_dpbf16ps(0, 4, 6);
    if (columns > 1) _tile_dpbf16ps(1, 4, 7);
    if (rows > 1) _tile_dpbf16ps(2, 5, 6);
    if (rows > 1 && columns > 1) _tile_dpbf16ps(3, 5, 7);
}

// c's rows lie `row` bytes apart, its tiles `down` and `right` bytes.
PART void store_sums(char *c, int64_t row, int64_t down, int64_t right, const int rows, const int columns) {
    _tile_stored(0, c, row);
    if (columns > 1) _tile_stored(1, c + right, row);
    if (rows > 1) _tile_stored(2, c + down, row);
    if (rows > 1 && columns > 1) _tile_stored(3, c + down + right, row);
}

// c (rows x 16, columns x 16) of at most two tiles each way, summed over `steps`; c's rows lie `row` bytes apart, its tiles
// `down` and `right` bytes.
PART void multiply(const tiles *a, const tiles *b, int64_t steps, const int rows, const int columns, char *c, int64_t row, int64_t down, int64_t right) {
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
    for (int64_t k = 0; k < steps; k++) multiply_step(a, b, k, rows, columns);
    store_sums(c, row, down, right, rows, columns);
}

PART int two(int64_t left) { return left > 1 ? 2 : 1; }

// c (two row blocks at most, `columns` column blocks), c a matrix of f32.
PART void multiply_row(tiles a, tiles b, int64_t steps, int rows, int64_t columns, float *c, int64_t ld) {
    for (int64_t j = 0; j < columns; j += 2, b.start += 2 * b.block)
        multiply(&a, &b, steps, rows, two(columns - j), (char *)(c + j * 16), ld * 4, ld * 64, 64);
}
