#include "COpenBLAS.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*sgemm_function)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                               const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
enum { row_major = 101, no_transpose = 111, transpose = 112 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];
static const char *kernel = "none", *config = "";
static sgemm_function sgemm;

static const char *wanted_kernel(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
    return NULL;
}

static void open_library(void) {
    int named_by_user = getenv("OPENBLAS_CORETYPE") != NULL, threads_by_user = getenv("OPENBLAS_NUM_THREADS") != NULL;
    const char *wanted = wanted_kernel();
    if (!named_by_user && wanted) setenv("OPENBLAS_CORETYPE", wanted, 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);  // our own workers call it side by side; its threads would only idle
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL);
    if (!named_by_user) unsetenv("OPENBLAS_CORETYPE");
    if (!threads_by_user) unsetenv("OPENBLAS_NUM_THREADS");
    if (!library) {
        snprintf(failure, sizeof failure, "OpenBLAS cannot be loaded (%s); install it with: apt-get install libopenblas-dev", dlerror());
        return;
    }
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
    if (!sgemm) {
        snprintf(failure, sizeof failure, "this OpenBLAS has no cblas_sgemm; install Debian's libopenblas-dev");
        return;
    }
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (set_threads) set_threads(1);
    const char *(*text)(void) = (const char *(*)(void))dlsym(library, "openblas_get_corename");
    if (text) kernel = text();
    text = (const char *(*)(void))dlsym(library, "openblas_get_config");
    if (text) config = text();
}

const char *vptsp_blas_open(void) {
    pthread_once(&once, open_library);
    return failure[0] ? failure : NULL;
}
const char *vptsp_blas_kernel(void) { return kernel; }
const char *vptsp_blas_best_kernel(void) { return wanted_kernel(); }
const char *vptsp_blas_config(void) { return config; }

void vptsp_sgemm(int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc) {
    sgemm(row_major, transpose_a ? transpose : no_transpose, transpose_b ? transpose : no_transpose, m, n, k, alpha, a, lda,
          b, ldb, beta, c, ldc);
}
