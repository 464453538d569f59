// Hierarchical navigable small-world graphs (Malkov and Yashunin 2018) of hnswlib, over unit rows, by inner product.
// Rows are added one after the other, so that a graph is a function of rows, order, settings and seed.
// No exception leaves a function: failures are returned, with words.
#ifndef CHNSW_H
#define CHNSW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HNSW_MESSAGE_SIZE 160
/// Levels above the lowest that a row may have; of 16 links a row reaches 24 once in 10^28.
#define HNSW_MOST_LEVELS 24

typedef struct hnsw_graph hnsw_graph;

/// Room for `rows` rows of `width` values, 1 to 2^31 - 1 of them. `links`: most links of a row at each level but the lowest, which
/// has twice as many; 2 to 256. `breadth`: how many candidates an insertion looks at. NULL on failure.
hnsw_graph *hnsw_new(size_t rows, size_t width, size_t links, size_t breadth, uint64_t seed, char *message);
void hnsw_free(hnsw_graph *graph);

/// Adds the next row; 0 on success. From one thread.
int hnsw_add(hnsw_graph *graph, const float *row, char *message);

/// The words that hnsw_write makes of the links.
size_t hnsw_word_count(const hnsw_graph *graph);
/// The level of each row, and row by row, level by level from the lowest: how many links, and to which rows.
void hnsw_write(const hnsw_graph *graph, uint8_t *levels, uint32_t *words);

/// Puts all rows and what hnsw_write wrote into a graph without rows; 0 on success. Everything is checked first: levels, counts, and
/// that each link leads to a row of that level.
int hnsw_read(hnsw_graph *graph, const float *rows, const uint8_t *levels, const uint32_t *words, size_t word_count, char *message);

/// The `k` nearest rows by inner product that a search of `breadth` candidates finds, nearest first; of equals the lower row first.
/// Writes at most k indices and products and how many; 0 on success. From any number of threads at once.
int hnsw_search(const hnsw_graph *graph, const float *query, size_t k, size_t breadth, uint32_t *indices, float *products, size_t *found, char *message);

#ifdef __cplusplus
}
#endif

#endif
