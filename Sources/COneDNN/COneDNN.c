#include "COneDNN.h"
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The functions that are used, by name: the library is opened at run time, so that a program that never asks for it
// starts without its 40 MB and needs no package.
#define EACH_FUNCTION(use) \
    use(dnnl_version) use(dnnl_get_effective_cpu_isa) use(dnnl_engine_create) use(dnnl_stream_create) \
    use(dnnl_memory_desc_init_by_tag) use(dnnl_memory_desc_init_by_strides) use(dnnl_memory_desc_get_size) \
    use(dnnl_matmul_desc_init) use(dnnl_primitive_desc_create) use(dnnl_primitive_desc_destroy) \
    use(dnnl_primitive_desc_query_md) use(dnnl_primitive_create) use(dnnl_primitive_execute) use(dnnl_memory_create) \
    use(dnnl_memory_destroy) use(dnnl_post_ops_create) use(dnnl_post_ops_append_binary) use(dnnl_post_ops_destroy) \
    use(dnnl_primitive_attr_create) use(dnnl_primitive_attr_set_post_ops) use(dnnl_primitive_attr_set_scratchpad_mode) \
    use(dnnl_primitive_attr_destroy) use(dnnl_reorder_primitive_desc_create) use(dnnl_primitive_destroy)

#define POINTER(name) static __typeof__(&name) p_##name;
EACH_FUNCTION(POINTER)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512], identity[64];
static int has_bf16;
static dnnl_engine_t engine;

static const char *isa_name(int isa) {
    switch (isa) {
    case dnnl_cpu_isa_avx2: return "AVX2";
    case dnnl_cpu_isa_avx2_vnni: return "AVX2_VNNI";
    case dnnl_cpu_isa_avx512_core: return "AVX512_CORE";
    case dnnl_cpu_isa_avx512_core_vnni: return "AVX512_CORE_VNNI";
    case dnnl_cpu_isa_avx512_core_bf16: return "AVX512_CORE_BF16";
    case dnnl_cpu_isa_avx512_core_amx: return "AVX512_CORE_AMX";
    default: return "OTHER";
    }
}

static void open_library(void) {
    // Our own workers call it side by side: its threads would only idle.
    int threads_by_user = getenv("OMP_NUM_THREADS") != NULL;
    if (!threads_by_user) setenv("OMP_NUM_THREADS", "1", 0);
    void *library = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library) {
        void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
        if (!set_threads) set_threads = (void (*)(int))dlsym(library, "omp_set_num_threads");
        if (set_threads) set_threads(1);
    }
    if (!threads_by_user) unsetenv("OMP_NUM_THREADS");
    if (!library) {
        snprintf(failure, sizeof failure, "oneDNN cannot be loaded (%s); install it with: apt-get install libdnnl2", dlerror());
        return;
    }
#define FIND(name) \
    if (!failure[0] && !(p_##name = (__typeof__(&name))dlsym(library, #name))) \
        snprintf(failure, sizeof failure, "this oneDNN has no %s; install Debian's libdnnl2", #name);
    EACH_FUNCTION(FIND)
    if (failure[0]) return;
    if (p_dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) {
        snprintf(failure, sizeof failure, "oneDNN has no engine for this processor");
        return;
    }
    const dnnl_version_t *version = p_dnnl_version();
    int isa = p_dnnl_get_effective_cpu_isa();
    has_bf16 = isa == dnnl_cpu_isa_avx512_core_bf16 || isa == dnnl_cpu_isa_avx512_core_amx;
    snprintf(identity, sizeof identity, "%d.%d.%d %s", version->major, version->minor, version->patch, isa_name(isa));
}

const char *vptsp_dnnl_open(void) {
    pthread_once(&once, open_library);
    return failure[0] ? failure : NULL;
}
const char *vptsp_dnnl_identity(void) { return identity; }
int vptsp_dnnl_has_bf16(void) { return has_bf16; }

// MARK: Compiled products, by shape

typedef struct {
    vptsp_dnnl_product shape;
    int used;
    dnnl_primitive_t primitive;
    dnnl_memory_desc_t a, b, c, bias, residual, scratchpad;
    size_t scratchpad_size;
} compiled;

static compiled *table;
static size_t capacity, filled;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static size_t hash(const vptsp_dnnl_product *shape) {
    const unsigned char *bytes = (const unsigned char *)shape;
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < sizeof *shape; i++) h = (h ^ bytes[i]) * 1099511628211u;
    return (size_t)h;
}

static compiled *place(compiled *in, size_t size, const vptsp_dnnl_product *shape) {
    size_t i = hash(shape) & (size - 1);
    while (in[i].used && memcmp(&in[i].shape, shape, sizeof *shape) != 0) i = (i + 1) & (size - 1);
    return in + i;
}

static dnnl_data_type_t type(int32_t format) { return format == vptsp_dnnl_bf16 ? dnnl_bf16 : dnnl_f32; }

/// The layout in which B is packed: what the library would choose for blocks of 64 rows, for all numbers of rows.
static int packed_desc(int64_t k, int64_t n, int32_t format, dnnl_memory_desc_t *packed) {
    dnnl_memory_desc_t a, b, c;
    dnnl_dims_t a_dims = {64, k}, b_dims = {k, n}, c_dims = {64, n};
    dnnl_matmul_desc_t desc;
    dnnl_primitive_desc_t primitive;
    int status = p_dnnl_memory_desc_init_by_tag(&a, 2, a_dims, type(format), dnnl_ab);
    if (!status) status = p_dnnl_memory_desc_init_by_tag(&b, 2, b_dims, type(format), dnnl_format_tag_any);
    if (!status) status = p_dnnl_memory_desc_init_by_tag(&c, 2, c_dims, dnnl_f32, dnnl_ab);
    if (!status) status = p_dnnl_matmul_desc_init(&desc, &a, &b, NULL, &c);
    if (!status) status = p_dnnl_primitive_desc_create(&primitive, &desc, NULL, engine, NULL);
    if (status) return status;
    *packed = *p_dnnl_primitive_desc_query_md(primitive, dnnl_query_weights_md, 0);
    p_dnnl_primitive_desc_destroy(primitive);
    return 0;
}

static int compile(const vptsp_dnnl_product *shape, compiled *to) {
    dnnl_dims_t a_dims = {shape->m, shape->k}, b_dims = {shape->k, shape->n}, c_dims = {shape->m, shape->n}, bias_dims = {1, shape->n};
    dnnl_dims_t a_strides = {shape->a_row, shape->a_column}, b_strides = {shape->b_row, shape->b_column}, c_strides = {shape->c_row, 1};
    int status = p_dnnl_memory_desc_init_by_strides(&to->a, 2, a_dims, type(shape->operands), a_strides);
    if (!status)
        status = shape->b_row || shape->b_column
                     ? p_dnnl_memory_desc_init_by_strides(&to->b, 2, b_dims, type(shape->operands), b_strides)
                     : packed_desc(shape->k, shape->n, shape->operands, &to->b);
    if (!status) status = p_dnnl_memory_desc_init_by_strides(&to->c, 2, c_dims, type(shape->result), c_strides);
    if (!status) status = p_dnnl_memory_desc_init_by_tag(&to->bias, 2, bias_dims, dnnl_f32, dnnl_ab);
    if (!status) status = p_dnnl_memory_desc_init_by_tag(&to->residual, 2, c_dims, dnnl_f32, dnnl_ab);
    dnnl_matmul_desc_t desc;
    if (!status) status = p_dnnl_matmul_desc_init(&desc, &to->a, &to->b, shape->bias ? &to->bias : NULL, &to->c);
    if (status) return status;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_post_ops_t after = NULL;
    dnnl_primitive_desc_t primitive = NULL;
    status = p_dnnl_primitive_attr_create(&attributes);
    // Scratch is each thread's own: one compiled product serves them all at once.
    if (!status) status = p_dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (!status && shape->residual) {
        status = p_dnnl_post_ops_create(&after);
        if (!status) status = p_dnnl_post_ops_append_binary(after, dnnl_binary_add, &to->residual);
        if (!status) status = p_dnnl_primitive_attr_set_post_ops(attributes, after);
    }
    if (!status) status = p_dnnl_primitive_desc_create(&primitive, &desc, attributes, engine, NULL);
    if (!status) {
        to->scratchpad = *p_dnnl_primitive_desc_query_md(primitive, dnnl_query_scratchpad_md, 0);
        to->scratchpad_size = p_dnnl_memory_desc_get_size(&to->scratchpad);
        status = p_dnnl_primitive_create(&to->primitive, primitive);
    }
    if (primitive) p_dnnl_primitive_desc_destroy(primitive);
    if (after) p_dnnl_post_ops_destroy(after);
    if (attributes) p_dnnl_primitive_attr_destroy(attributes);
    if (status) return status;
    to->shape = *shape;
    to->used = 1;
    return 0;
}

static int find(const vptsp_dnnl_product *shape, compiled *found) {
    pthread_rwlock_rdlock(&lock);
    if (capacity) {
        compiled *known = place(table, capacity, shape);
        if (known->used) {
            *found = *known;
            pthread_rwlock_unlock(&lock);
            return 0;
        }
    }
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_wrlock(&lock);
    int status = 0;
    if (2 * (filled + 1) > capacity) {
        size_t size = capacity ? 2 * capacity : 256;
        compiled *larger = calloc(size, sizeof *larger);
        if (!larger) status = dnnl_out_of_memory;
        else {
            for (size_t i = 0; i < capacity; i++)
                if (table[i].used) *place(larger, size, &table[i].shape) = table[i];
            free(table);
            table = larger;
            capacity = size;
        }
    }
    if (!status) {
        compiled *mine = place(table, capacity, shape);
        if (!mine->used) {
            status = compile(shape, mine);
            if (!status) filled++;
        }
        if (!status) *found = *mine;
    }
    pthread_rwlock_unlock(&lock);
    return status;
}

// MARK: Running them

typedef struct {
    dnnl_stream_t stream;
    void *scratch;
    size_t size;
} thread_state;
static pthread_key_t thread_key;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;

static void end_thread(void *state) {
    // The stream stays: the library may be gone before the last thread.
    free(((thread_state *)state)->scratch);
    free(state);
}
static void make_key(void) { pthread_key_create(&thread_key, end_thread); }

static thread_state *this_thread(size_t scratch) {
    pthread_once(&thread_once, make_key);
    thread_state *state = pthread_getspecific(thread_key);
    if (!state) {
        state = calloc(1, sizeof *state);
        if (!state) return NULL;
        if (p_dnnl_stream_create(&state->stream, engine, dnnl_stream_default_flags) != dnnl_success) {
            free(state);
            return NULL;
        }
        pthread_setspecific(thread_key, state);
    }
    if (state->size < scratch) {
        free(state->scratch);
        state->size = 0;
        if (posix_memalign(&state->scratch, 4096, scratch) != 0) {
            state->scratch = NULL;
            return NULL;
        }
        state->size = scratch;
    }
    return state;
}

static int execute(dnnl_primitive_t primitive, thread_state *state, int count, const int *arguments, const dnnl_memory_desc_t *const *descs,
                   const void *const *data) {
    dnnl_exec_arg_t list[6];
    int made = 0, status = 0;
    for (; made < count && !status; made++) {
        list[made].arg = arguments[made];
        status = p_dnnl_memory_create(&list[made].memory, descs[made], engine, (void *)data[made]);
        if (status) break;
    }
    if (!status) status = p_dnnl_primitive_execute(primitive, state->stream, count, list);
    for (int i = 0; i < made; i++) p_dnnl_memory_destroy(list[i].memory);
    return status;
}

int vptsp_dnnl_multiply(const vptsp_dnnl_product *product, const void *a, const void *b, const float *bias, const float *residual, void *c) {
    if (product->m <= 0 || product->n <= 0) return 0;
    compiled with;
    int status = find(product, &with);
    if (status) return status;
    thread_state *state = this_thread(with.scratchpad_size);
    if (!state) return dnnl_out_of_memory;
    int arguments[6] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD}, count = 4;
    const dnnl_memory_desc_t *descs[6] = {&with.a, &with.b, &with.c, &with.scratchpad};
    const void *data[6] = {a, b, c, state->scratch};
    if (product->bias) {
        arguments[count] = DNNL_ARG_BIAS;
        descs[count] = &with.bias;
        data[count++] = bias;
    }
    if (product->residual) {
        arguments[count] = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;
        descs[count] = &with.residual;
        data[count++] = residual;
    }
    return execute(with.primitive, state, count, arguments, descs, data);
}

size_t vptsp_dnnl_packed_size(int64_t k, int64_t n, int32_t format) {
    dnnl_memory_desc_t packed;
    return packed_desc(k, n, format, &packed) ? 0 : p_dnnl_memory_desc_get_size(&packed);
}

int vptsp_dnnl_pack(int64_t k, int64_t n, int32_t format, const void *b, int64_t b_row, int64_t b_column, void *packed) {
    dnnl_memory_desc_t from, to;
    dnnl_dims_t dims = {k, n}, strides = {b_row, b_column};
    dnnl_primitive_desc_t desc;
    dnnl_primitive_t reorder;
    int status = p_dnnl_memory_desc_init_by_strides(&from, 2, dims, type(format), strides);
    if (!status) status = packed_desc(k, n, format, &to);
    if (!status) status = p_dnnl_reorder_primitive_desc_create(&desc, &from, engine, &to, engine, NULL);
    if (status) return status;
    status = p_dnnl_primitive_create(&reorder, desc);
    p_dnnl_primitive_desc_destroy(desc);
    if (status) return status;
    thread_state *state = this_thread(0);
    const int arguments[2] = {DNNL_ARG_FROM, DNNL_ARG_TO};
    const dnnl_memory_desc_t *const descs[2] = {&from, &to};
    const void *const data[2] = {b, packed};
    status = state ? execute(reorder, state, 2, arguments, descs, data) : dnnl_out_of_memory;
    p_dnnl_primitive_destroy(reorder);
    return status;
}
