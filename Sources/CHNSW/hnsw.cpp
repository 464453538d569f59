#include "CHNSW.h"
#include "VectorKernels.h"

#include <algorithm>
#include <cstdio>
#include <hnswlib/hnswlib.h>
#include <memory>
#include <new>

using Graph = hnswlib::HierarchicalNSW<float>;
using hnswlib::tableint;

namespace {

/// 1 minus the inner product: of unit rows half the squared distance.
class InnerProduct : public hnswlib::SpaceInterface<float> {
    size_t width;

    static float distance(const void *a, const void *b, const void *width) {
        return 1 - vk_dot(static_cast<const float *>(a), static_cast<const float *>(b), static_cast<int64_t>(*static_cast<const size_t *>(width)));
    }

public:
    explicit InnerProduct(size_t width) : width(width) {}
    size_t get_data_size() override { return width * sizeof(float); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
    void *get_dist_func_param() override { return &width; }
};

int fail(char *message, const char *text) {
    snprintf(message, HNSW_MESSAGE_SIZE, "%s", text);
    return 1;
}

/// Runs `body`; what it throws becomes a message.
template <typename Body> int guarded(char *message, Body body) {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return fail(message, "not enough memory");
    } catch (const std::exception &error) {
        return fail(message, error.what());
    } catch (...) {
        return fail(message, "an unknown failure");
    }
}

}  // namespace

struct hnsw_graph {
    InnerProduct space;
    Graph graph;

    hnsw_graph(size_t rows, size_t width, size_t links, size_t breadth, uint64_t seed)
        : space(width), graph(&space, rows, links, breadth, static_cast<size_t>(seed)) {}
};

hnsw_graph *hnsw_new(size_t rows, size_t width, size_t links, size_t breadth, uint64_t seed, char *message) {
    hnsw_graph *made = nullptr;
    guarded(message, [&] {
        if (rows < 1 || rows > INT32_MAX || width < 1 || width > (1 << 20) || links < 2 || links > 256)
            return fail(message, "rows, width or links outside of what a graph can have");
        made = new hnsw_graph(rows, width, links, breadth, seed);
        return 0;
    });
    return made;
}

void hnsw_free(hnsw_graph *graph) { delete graph; }

int hnsw_add(hnsw_graph *graph, const float *row, char *message) {
    return guarded(message, [&] {
        graph->graph.addPoint(row, graph->graph.cur_element_count, -1);
        return 0;
    });
}

size_t hnsw_word_count(const hnsw_graph *graph) {
    const Graph &g = graph->graph;
    size_t words = 0;
    for (tableint row = 0; row < g.cur_element_count; row++)
        for (int level = 0; level <= g.element_levels_[row]; level++)
            words += 1 + const_cast<Graph &>(g).getListCount(g.get_linklist_at_level(row, level));
    return words;
}

void hnsw_write(const hnsw_graph *graph, uint8_t *levels, uint32_t *words) {
    const Graph &g = graph->graph;
    for (tableint row = 0; row < g.cur_element_count; row++) {
        levels[row] = static_cast<uint8_t>(g.element_levels_[row]);
        for (int level = 0; level <= g.element_levels_[row]; level++) {
            hnswlib::linklistsizeint *list = g.get_linklist_at_level(row, level);
            uint32_t count = const_cast<Graph &>(g).getListCount(list);
            *words++ = count;
            memcpy(words, list + 1, count * sizeof(uint32_t));
            words += count;
        }
    }
}

/// Whether levels and links are those of a graph of `rows` rows.
static int check(const Graph &g, size_t rows, const uint8_t *levels, const uint32_t *words, size_t word_count, char *message) {
    for (size_t row = 0; row < rows; row++)
        if (levels[row] > HNSW_MOST_LEVELS) return fail(message, "a row has more levels than a graph can have");
    size_t place = 0;
    for (size_t row = 0; row < rows; row++) {
        for (int level = 0; level <= levels[row]; level++) {
            if (place >= word_count) return fail(message, "the links end before the rows do");
            size_t count = words[place++];
            if (count > (level ? g.maxM_ : g.maxM0_)) return fail(message, "a row has more links than the graph allows");
            if (count > word_count - place) return fail(message, "the links end before the rows do");
            for (size_t end = place + count; place < end; place++)
                if (words[place] >= rows || words[place] == row || levels[words[place]] < level) return fail(message, "a link leads nowhere");
        }
    }
    return place == word_count ? 0 : fail(message, "links are left over behind the last row");
}

int hnsw_read(hnsw_graph *graph, const float *rows, const uint8_t *levels, const uint32_t *words, size_t word_count, char *message) {
    return guarded(message, [&] {
        Graph &g = graph->graph;
        if (g.cur_element_count != 0) return fail(message, "the graph has rows already");
        size_t count = g.max_elements_, width = g.data_size_ / sizeof(float);
        if (int failed = check(g, count, levels, words, word_count, message)) return failed;
        for (size_t row = 0; row < count; row++) {
            char *slot = g.data_level0_memory_ + row * g.size_data_per_element_;
            memset(slot, 0, g.size_links_level0_);
            memcpy(slot + g.offsetData_, rows + row * width, g.data_size_);
            g.setExternalLabel(static_cast<tableint>(row), row);
            g.linkLists_[row] = nullptr;
            if (levels[row]) {
                g.linkLists_[row] = static_cast<char *>(calloc(1, g.size_links_per_element_ * levels[row] + sizeof(tableint)));
                if (!g.linkLists_[row]) throw std::bad_alloc();
            }
            // What is counted is freed.
            g.element_levels_[row] = levels[row];
            g.cur_element_count = row + 1;
            for (int level = 0; level <= levels[row]; level++) {
                uint32_t links = *words++;
                hnswlib::linklistsizeint *list = g.get_linklist_at_level(static_cast<tableint>(row), level);
                g.setListCount(list, static_cast<unsigned short>(links));
                memcpy(list + 1, words, links * sizeof(uint32_t));
                words += links;
            }
            // Searches begin at the first row that reached the highest level, as after insertion.
            if (levels[row] > g.maxlevel_) {
                g.maxlevel_ = levels[row];
                g.enterpoint_node_ = static_cast<tableint>(row);
            }
        }
        return 0;
    });
}

int hnsw_search(const hnsw_graph *graph, const float *query, size_t k, size_t breadth, uint32_t *indices, float *products, size_t *found, char *message) {
    *found = 0;
    return guarded(message, [&] {
        const Graph &g = graph->graph;
        if (g.cur_element_count == 0) return 0;
        // Down the levels, to the nearest of each. The library's own search counts in shared variables, which threads would fight for.
        tableint current = g.enterpoint_node_;
        auto distance = [&](tableint row) { return g.fstdistfunc_(query, g.getDataByInternalId(row), g.dist_func_param_); };
        float nearest = distance(current);
        for (int level = g.maxlevel_; level > 0; level--) {
            for (bool changed = true; changed;) {
                changed = false;
                hnswlib::linklistsizeint *list = g.get_linklist(current, level);
                size_t count = const_cast<Graph &>(g).getListCount(list);
                const tableint *links = list + 1;
                for (size_t place = 0; place < count; place++) {
                    float other = distance(links[place]);
                    if (other < nearest) {
                        nearest = other;
                        current = links[place];
                        changed = true;
                    }
                }
            }
        }
        auto candidates = g.searchBaseLayerST<false>(current, query, std::max(breadth, k));
        std::vector<std::pair<float, tableint>> sorted;
        sorted.reserve(candidates.size());
        for (; !candidates.empty(); candidates.pop()) sorted.push_back(candidates.top());
        std::sort(sorted.begin(), sorted.end());
        size_t count = std::min(k, sorted.size());
        for (size_t place = 0; place < count; place++) {
            indices[place] = sorted[place].second;
            products[place] = 1 - sorted[place].first;
        }
        *found = count;
        return 0;
    });
}
