// OpenBLAS behind one door, opened at run time.
//
// OpenBLAS picks its kernels when it is loaded, by processor model. A release older than the processor falls back to
// SSE3 kernels, a quarter of the machine's speed. So this shim looks at what the processor can do, names the kernel
// family in OPENBLAS_CORETYPE (unless the user has), and only then loads the library.
#pragma once

/// Loads OpenBLAS, single-threaded. Returns NULL when it is ready, or a message. Safe to call from several threads, any number of times.
const char *vptsp_blas_open(void);

/// The kernel family in use ("SkylakeX", "Haswell", ...); "none" before a successful open.
const char *vptsp_blas_kernel(void);

/// The family that fits what the processor can do; NULL where that is left to the library.
const char *vptsp_blas_best_kernel(void);

/// OpenBLAS's version and build options; "" before a successful open.
const char *vptsp_blas_config(void);

/// C (m x n) = alpha op(A) op(B) + beta C, row-major, f32. op transposes where the flag is 1. Requires a successful open.
void vptsp_sgemm(int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
