// Attention of one head in bf16 by matrix tiles (tiles.h): 32 queries at a time see all keys, and the softmax is made beside the products.
#include "VectorKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include "tiles.h"
#include <cpuid.h>
#include <math.h>
#include <sys/syscall.h>
#include <unistd.h>

int vk_has_tiles(void) {
    static int known = -1;
    int found = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (found >= 0) return found;
    unsigned a, b, c, d;
    found = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1) && (d >> 24 & 1) && (d >> 25 & 1) && (b >> 16 & 1) && (b >> 30 & 1) && (b >> 31 & 1)
        && (b >> 17 & 1) && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 5 & 1);
    // The kernel lends a process the tiles' state when it asks (ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA).
    if (found) found = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
    __atomic_store_n(&known, found, __ATOMIC_RELAXED);
    return found;
}

PART void write_16(lanes v, uint16_t *to) { _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh((__m512)v)); }

// A row of f32 times `factor`, in bf16.
PART void write_row(const float *from, float factor, int64_t width, uint16_t *to) {
    for (int64_t i = 0; i < width; i += 16) write_16(LOAD(from + i) * factor, to + i);
}

// The gradient of keys or of values: columns `width` wide of rows that are learned, the prefix's in f32; NULL where nobody learns them.
typedef struct { float *prefix; uint16_t *own; int64_t prefix_count, count, prefix_stride, stride; } learned;

// The product's transpose, one tile at a time turned back: 16 x 16 of `to` for each of a's row blocks and b's column blocks.
PART void multiply_turned(tiles a, tiles b, int64_t steps, int64_t rows, int64_t columns, const learned *to) {
    char turned[4 * TILE] __attribute__((aligned(64)));
    for (int64_t j = 0; j < columns; j += 2) {
        tiles left = a, right = b;
        right.start += j * b.block;
        for (int64_t i = 0; i < rows; i += 2, left.start += 2 * a.block) {
            int down = two(rows - i), across = two(columns - j);
            multiply(&left, &right, steps, down, across, turned, 64, 2 * TILE, TILE);
            for (int y = 0; y < down; y++)
                for (int x = 0; x < across; x++) {
                    __m512i tile[16];
                    for (int k = 0; k < 16; k++) tile[k] = _mm512_load_si512(turned + (y * 2 + x) * TILE + k * 64);
                    transpose(tile);
                    for (int k = 0; k < 16; k++) {
                        int64_t row = (j + x) * 16 + k, column = (i + y) * 16;
                        if (row >= to->count) break;
                        if (row < to->prefix_count) {
                            if (to->prefix) _mm512_storeu_si512(to->prefix + row * to->prefix_stride + column, tile[k]);
                        } else if (to->own) {
                            write_16((lanes)tile[k], to->own + (row - to->prefix_count) * to->stride + column);
                        }
                    }
                }
        }
    }
}

// MARK: The two passes

// What both passes need to know, and their share of the caller's memory.
typedef struct {
    int64_t keys, query_blocks, key_blocks, query_steps, key_steps, steps, blocks, ld;
    char *scratch;
} plan;

PART plan plan_of(const vk_attention *head, void *scratch) {
    int64_t keys = head->prefix + head->own;
    return (plan){
        keys, UP(head->queries, 16) / 16, UP(keys, 16) / 16, UP(head->queries, 32) / 32, UP(keys, 32) / 32,
        head->width / 32, head->width / 16, UP(keys, 32), scratch};
}

PART char *take(plan *p, int64_t bytes) {
    char *taken = p->scratch;
    p->scratch += UP(bytes, 64);
    return taken;
}

int64_t vk_attention_scratch(const vk_attention *head, int backward) {
    int64_t queries = UP(head->queries, 32), keys = UP(head->prefix + head->own, 32), width = head->width;
    int64_t operands = 2 * width * (backward ? 4 * queries + 3 * keys : queries + 2 * keys);
    int64_t scores = 32 * keys * (backward ? 10 : 6), slopes = backward ? 2 * 2 * queries * keys : 0;
    return operands + scores + slopes + 32 * width * 4 + queries * 4 + 16 * 64;
}

PART rows of_heads(const vk_attention *head, const void *prefix, const void *own) {
    return (rows){prefix, own, head->prefix, head->prefix + head->own, head->prefix_stride * 2, head->own_stride * 2, 1};
}
PART rows of_queries(const vk_attention *head, const void *start, int64_t stride) {
    return (rows){NULL, start, 0, head->queries, 0, stride * 2, 1};
}

TILES void vk_attention_forward(const vk_attention *head, void *scratch, void *output, int64_t output_stride) {
    plan p = plan_of(head, scratch);
    int64_t width = head->width;
    rows queries = of_queries(head, head->query, head->query_stride), keys = of_heads(head, head->prefix_keys, head->own_keys);
    rows values = of_heads(head, head->prefix_values, head->own_values);
    char *asking = take(&p, p.query_blocks * p.steps * TILE), *turned_keys = take(&p, p.key_blocks * p.steps * TILE);
    char *value_pairs = take(&p, p.key_steps * p.blocks * TILE), *weights = take(&p, 2 * p.key_steps * TILE);
    float *scores = (float *)take(&p, 32 * p.ld * 4), *sums = (float *)take(&p, 32 * width * 4);
    lay_rows(&queries, width, p.query_blocks, 0, asking);
    lay_rows(&keys, width, p.key_blocks, 1, turned_keys);
    lay_pairs(&values, width, p.key_steps, 0, value_pairs);
    float rate = head->scale * LOG2_E;
    configure(16);

    for (int64_t block = 0; block < p.query_blocks; block += 2) {
        int across = two(p.query_blocks - block);
        int64_t count = head->queries - block * 16 < 32 ? head->queries - block * 16 : 32;
        multiply_row(
            in_tiles(asking + block * p.steps * TILE, p.steps * TILE, TILE), in_tiles(turned_keys, p.steps * TILE, TILE),
            p.steps, across, p.key_blocks, scores, p.ld);
        float inverse[32];
        for (int64_t r = 0; r < count; r++) {
            const float *row = scores + r * p.ld;
            float most = largest(row, p.keys) * rate;  // beyond the keys there is nothing to see
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
                _mm512_store_si512(to, halves(a, b));
            }
            float sum = _mm512_reduce_add_ps((__m512)(total[0] + total[1]));
            inverse[r] = 1 / sum;
            head->log_sums[block * 16 + r] = most * LN_2 + logf(sum);
        }
        multiply_row(
            in_tiles(weights, p.key_steps * TILE, TILE), in_tiles(value_pairs, TILE, p.blocks * TILE),
            p.key_steps, across, p.blocks, sums, width);
        for (int64_t r = 0; r < count; r++) write_row(sums + r * width, inverse[r], width, (uint16_t *)output + (block * 16 + r) * output_stride);
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
    int64_t turned_size = p.blocks * p.query_steps * TILE, pair_size = p.query_steps * 2 * p.key_steps * TILE;
    char *asking = take(&p, query_size), *coming = take(&p, query_size);
    char *turned_keys = take(&p, key_size), *turned_values = take(&p, key_size);
    float *scores = (float *)take(&p, 32 * p.ld * 4), *slopes = (float *)take(&p, 32 * p.ld * 4), *sums = (float *)take(&p, 32 * width * 4);
    float *log_sums = (float *)take(&p, p.query_steps * 32 * 4);
    char *key_pairs = NULL, *score_slopes = NULL, *turned_queries = NULL, *turned_incoming = NULL, *weight_pairs = NULL, *slope_pairs = NULL;
    lay_rows(&queries, width, p.query_blocks, 0, asking);
    lay_rows(&incoming, width, p.query_blocks, 0, coming);
    lay_rows(&keys, width, p.key_blocks, 1, turned_keys);
    lay_rows(&values, width, p.key_blocks, 1, turned_values);
    if (dquery) {
        lay_pairs(&keys, width, p.key_steps, 0, key_pairs = take(&p, p.key_steps * p.blocks * TILE));
        score_slopes = take(&p, 2 * p.key_steps * TILE);
    }
    int learns = dprefix[0] || down[0];
    if (learns) {
        lay_pairs(&queries, width, p.query_steps, 1, turned_queries = take(&p, turned_size));
        lay_pairs(&incoming, width, p.query_steps, 1, turned_incoming = take(&p, turned_size));
        weight_pairs = take(&p, pair_size);
        slope_pairs = take(&p, pair_size);
    }
    for (int64_t i = 0; i < p.query_steps * 32; i++) log_sums[i] = i < count ? head->log_sums[i] * LOG2_E : 0;
    float rate = head->scale * LOG2_E;
    configure(16);

    for (int64_t block = 0; block < p.query_blocks; block += 2) {
        int across = two(p.query_blocks - block);
        multiply_row(
            in_tiles(asking + block * p.steps * TILE, p.steps * TILE, TILE), in_tiles(turned_keys, p.steps * TILE, TILE),
            p.steps, across, p.key_blocks, scores, p.ld);
        multiply_row(
            in_tiles(coming + block * p.steps * TILE, p.steps * TILE, TILE), in_tiles(turned_values, p.steps * TILE, TILE),
            p.steps, across, p.key_blocks, slopes, p.ld);
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
            int64_t pairs = (block / 2) * 2 * p.key_steps * TILE + r / 2 * 64, place = (r / 16) * p.key_steps * TILE + (r % 16) * 64;
            lanes dots[4] = {};
            for (int64_t i = 0; i < p.ld; i += 32) {
                __m512i pair[2];
                for (int k = 0; k < 2; k++) {
                    lanes a = power(LOAD(row + k * p.ld + i) * rate - log_sums[query + k]);
                    lanes b = power(LOAD(row + k * p.ld + i + 16) * rate - log_sums[query + k]);
                    STORE(row + k * p.ld + i, a);
                    STORE(row + k * p.ld + i + 16, b);
                    dots[k] += a * LOAD(slope + k * p.ld + i);
                    dots[k + 2] += b * LOAD(slope + k * p.ld + i + 16);
                    pair[k] = halves(a, b);
                }
                if (learns) store_pairs(pair, weight_pairs + pairs + i / 32 * 2 * TILE);
            }
            float known[2];
            for (int k = 0; k < 2; k++) known[k] = query + k >= count ? 0 : delta ? delta[query + k] : _mm512_reduce_add_ps((__m512)(dots[k] + dots[k + 2]));
            for (int64_t i = 0; i < p.ld; i += 32) {
                __m512i pair[2];
                for (int k = 0; k < 2; k++) {
                    lanes a = head->scale * LOAD(row + k * p.ld + i) * (LOAD(slope + k * p.ld + i) - known[k]);
                    lanes b = head->scale * LOAD(row + k * p.ld + i + 16) * (LOAD(slope + k * p.ld + i + 16) - known[k]);
                    pair[k] = halves(a, b);
                    if (score_slopes) _mm512_store_si512(score_slopes + place + i / 32 * TILE + k * 64, pair[k]);
                }
                if (learns) store_pairs(pair, slope_pairs + pairs + i / 32 * 2 * TILE);
            }
        }
        if (!dquery) continue;
        multiply_row(
            in_tiles(score_slopes, p.key_steps * TILE, TILE), in_tiles(key_pairs, TILE, p.blocks * TILE),
            p.key_steps, across, p.blocks, sums, width);
        for (int64_t r = 0; r < 32 && block * 16 + r < count; r++)
            write_row(sums + r * width, 1, width, (uint16_t *)dquery + (block * 16 + r) * dquery_stride);
    }
    if (learns) {
        for (int k = 0; k < 2; k++) {
            tiles left = in_tiles(k == 0 ? turned_queries : turned_incoming, p.query_steps * TILE, TILE);
            tiles right = in_tiles(k == 0 ? slope_pairs : weight_pairs, TILE, 2 * p.key_steps * TILE);
            learned to = {dprefix[k], down[k], head->prefix, p.keys, head->prefix_stride, head->own_stride};
            multiply_turned(left, right, p.query_steps, p.blocks, p.key_blocks, &to);
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
