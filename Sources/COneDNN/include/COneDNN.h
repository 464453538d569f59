// oneDNN behind a small door: matrix products in f32 and bf16, opened at run time and run on the calling thread.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { vptsp_dnnl_f32 = 0, vptsp_dnnl_bf16 = 1 };

/// C (m x n) = A (m x k) B (k x n) [+ bias] [+ residual], sums in f32. Strides count elements.
typedef struct {
    int64_t m, n, k;
    int64_t a_row, a_column;  // strides of A: (k, 1) for rows in a run, (1, m) for a transposed matrix
    int64_t b_row, b_column;  // strides of B; both 0: as `vptsp_dnnl_pack` laid it out
    int64_t c_row;
    int32_t operands;  // format of A and B
    int32_t result;    // format of C
    int32_t bias;      // 1: n values in f32 are added to each row
    int32_t residual;  // 1: m x n values in f32, rows n apart, are added to an f32 result
} vptsp_dnnl_product;

/// Loads the library once. NULL, or why it cannot be used and what to install. Any thread.
const char *vptsp_dnnl_open(void);
/// `2.6.3 AVX512_CORE_AMX`: release and instruction set; empty before `vptsp_dnnl_open`.
const char *vptsp_dnnl_identity(void);
/// 1 when the processor has instructions for bf16 products.
int vptsp_dnnl_has_bf16(void);

/// Bytes of a packed B (k x n) of the format; 0 when the library refuses.
size_t vptsp_dnnl_packed_size(int64_t k, int64_t n, int32_t format);
/// Lays B (k x n, strides as given, `format`) out for products; 0 when done.
int vptsp_dnnl_pack(int64_t k, int64_t n, int32_t format, const void *b, int64_t b_row, int64_t b_column, void *packed);
/// 0 when done; else oneDNN's status. Products of one shape are compiled once and then shared by all threads.
int vptsp_dnnl_multiply(const vptsp_dnnl_product *product, const void *a, const void *b, const float *bias, const float *residual, void *c);
