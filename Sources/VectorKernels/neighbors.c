#include "VectorKernels.h"
#include "lanes.h"

// A hit is rare: four lanes of sixteen are turned away by one test, and only where it fails are they looked at one by one.
#define REACHED(i) ((ilanes)(LOAD(s + (i)) >= own) | (bars ? (ilanes)(LOAD(s + (i)) >= LOAD(bars + (i))) : none))

KERNEL int64_t vk_candidates(const float *s, int64_t n, float bar, const float *bars, int32_t *found) {
    lanes own = SPLAT(bar);
    ilanes none = {};
    int64_t count = 0, i = 0;
    for (; i + 4 * WIDTH <= n; i += 4 * WIDTH) {
        ilanes reached[4] = {REACHED(i), REACHED(i + WIDTH), REACHED(i + 2 * WIDTH), REACHED(i + 3 * WIDTH)};
        if (__builtin_reduce_or(reached[0] | reached[1] | reached[2] | reached[3]) == 0) continue;
        for (int part = 0; part < 4; part++) {
            if (__builtin_reduce_or(reached[part]) == 0) continue;
            for (int64_t j = i + part * WIDTH; j < i + (part + 1) * WIDTH; j++) {
                found[count] = (int32_t)j;
                count += s[j] >= bar || (bars && s[j] >= bars[j]);
            }
        }
    }
    for (; i < n; i++) {
        found[count] = (int32_t)i;
        count += s[i] >= bar || (bars && s[i] >= bars[i]);
    }
    return count;
}

KERNEL int64_t vk_count_larger(const float *s, int64_t n, float mark, const float *marks, int32_t *counts, int32_t *ties, int64_t *tie_count) {
    lanes own = SPLAT(mark);
    ilanes larger = {};
    int64_t i = 0, count = 0, equal = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        lanes v = LOAD(s + i);
        larger -= (ilanes)(v > own);
        ilanes tied = (ilanes)(v == own);
        if (marks) {
            lanes theirs = LOAD(marks + i);
            ilanes sums;
            memcpy(&sums, counts + i, sizeof sums);
            sums -= (ilanes)(v > theirs);
            memcpy(counts + i, &sums, sizeof sums);
            tied |= (ilanes)(v == theirs);
        }
        if (__builtin_reduce_or(tied) == 0) continue;
        for (int64_t j = i; j < i + WIDTH; j++)
            if (s[j] == mark || (marks && s[j] == marks[j])) ties[equal++] = (int32_t)j;
    }
    for (int lane = 0; lane < WIDTH; lane++) count += larger[lane];
    for (; i < n; i++) {
        count += s[i] > mark;
        if (marks) counts[i] += s[i] > marks[i];
        if (s[i] == mark || (marks && s[i] == marks[i])) ties[equal++] = (int32_t)i;
    }
    *tie_count = equal;
    return count;
}
