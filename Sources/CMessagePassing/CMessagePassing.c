#define _GNU_SOURCE
#include "CMessagePassing.h"
#include <dlfcn.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// A handle is a pointer with Open MPI and an int with MPICH. Both are passed in one register by the calling conventions of
// x86-64 and aarch64, where a callee that wants an int reads the lower half; a handle that is written is written into 8 zeroed bytes.
typedef void *handle;

static struct {
    int (*init_thread)(int *, char ***, int, int *);
    int (*finalize)(void);
    int (*abort)(handle, int);
    int (*comm_rank)(handle, int *);
    int (*comm_size)(handle, int *);
    int (*comm_dup)(handle, handle *);
    int (*library_version)(char *, int *);
    int (*broadcast)(void *, int, handle, int, handle);
    int (*all_gather)(const void *, int, handle, void *, const int *, const int *, handle, handle);
    int (*exchange)(const void *, const int *, const int *, handle, void *, const int *, const int *, handle, handle);
    int (*begin_all_gather)(const void *, int, handle, void *, int, handle, handle, handle *);
    int (*test)(handle *, int *, void *);
} mpi;

static handle world, bytes_type, float_type, in_place, no_status;
/// For the meeting at the end, which nothing else can be mistaken for.
static handle ending;
static int rank = 0, size = 1, is_open = 0;
static char failure[1024], version[8192];

static void *library;

static int open_first(const char *const *names) {
    for (; *names; names++) {
        // Its own plug-ins look for its symbols.
        library = dlopen(*names, RTLD_NOW | RTLD_GLOBAL);
        if (library) return 1;
    }
    return 0;
}

static int look_up(void) {
    const struct {
        const char *name;
        void **place;
    } wanted[] = {
        {"MPI_Init_thread", (void **)&mpi.init_thread}, {"MPI_Finalize", (void **)&mpi.finalize},
        {"MPI_Abort", (void **)&mpi.abort},             {"MPI_Comm_rank", (void **)&mpi.comm_rank},
        {"MPI_Comm_size", (void **)&mpi.comm_size},     {"MPI_Comm_dup", (void **)&mpi.comm_dup},
        {"MPI_Get_library_version", (void **)&mpi.library_version}, {"MPI_Bcast", (void **)&mpi.broadcast},
        {"MPI_Allgatherv", (void **)&mpi.all_gather},   {"MPI_Alltoallv", (void **)&mpi.exchange},
        {"MPI_Iallgather", (void **)&mpi.begin_all_gather}, {"MPI_Test", (void **)&mpi.test},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].place = dlsym(library, wanted[i].name);
        if (*wanted[i].place) continue;
        snprintf(failure, sizeof failure, "this MPI has no %s; version 3 of MPI or later is needed", wanted[i].name);
        return 0;
    }
    world = dlsym(library, "ompi_mpi_comm_world");
    if (world) {
        bytes_type = dlsym(library, "ompi_mpi_byte");
        float_type = dlsym(library, "ompi_mpi_float");
        in_place = (void *)1;
        no_status = NULL;
    } else {
        world = (void *)(intptr_t)0x44000000;
        bytes_type = (void *)(intptr_t)0x4c00010d;
        float_type = (void *)(intptr_t)0x4c00040a;
        in_place = (void *)-1;
        no_status = (void *)1;
    }
    if (bytes_type && float_type) return 1;
    snprintf(failure, sizeof failure, "this Open MPI has no ompi_mpi_byte or ompi_mpi_float; version 1.7 or later is needed");
    return 0;
}

const char *vptsp_mpi_open(int prefers_mpich) {
    static const char *const open_mpi[] = {"libmpi.so.40", "libmpi.so.80", "libmpi.so", NULL};
    static const char *const mpich[] = {"libmpich.so.12", "libmpi.so.12", "libmpich.so", NULL};
    if (is_open) return NULL;
    const char *named = getenv("VPTSP_MPI");
    if (named && *named) {
        const char *const names[] = {named, NULL};
        if (!open_first(names)) {
            snprintf(failure, sizeof failure, "VPTSP_MPI names no library that can be loaded: %s", dlerror());
            return failure;
        }
    } else if (!(prefers_mpich ? open_first(mpich) || open_first(open_mpi) : open_first(open_mpi) || open_first(mpich))) {
        snprintf(failure, sizeof failure,
                 "no MPI library can be loaded (%s); install one with: apt-get install openmpi-bin libopenmpi-dev, or name its libmpi in VPTSP_MPI",
                 dlerror());
        return failure;
    }
    if (!look_up()) return failure;
    int provided = 0;
    // One thread calls it, others work beside it: MPI_THREAD_FUNNELED is 1 in both families.
    if (mpi.init_thread(NULL, NULL, 1, &provided) != 0) {
        snprintf(failure, sizeof failure, "MPI_Init_thread failed");
        return failure;
    }
    mpi.comm_rank(world, &rank);
    mpi.comm_size(world, &size);
    mpi.comm_dup(world, &ending);
    int length = 0;
    mpi.library_version(version, &length);
    is_open = 1;
    return NULL;
}

int vptsp_mpi_rank(void) { return rank; }
int vptsp_mpi_size(void) { return size; }
const char *vptsp_mpi_version(void) { return version; }

void vptsp_mpi_broadcast(void *bytes, int count) { mpi.broadcast(bytes, count, bytes_type, 0, world); }

void vptsp_mpi_gather_bytes(const void *bytes, int count, void *all, const int *counts, const int *offsets) {
    mpi.all_gather(bytes, count, bytes_type, all, counts, offsets, bytes_type, world);
}

void vptsp_mpi_complete(float *values, const int *counts, const int *offsets) {
    mpi.all_gather(in_place, 0, float_type, values, counts, offsets, float_type, world);
}

void vptsp_mpi_exchange(const float *values, const int *counts, const int *offsets, float *received, const int *received_counts,
                        const int *received_offsets) {
    mpi.exchange(values, counts, offsets, float_type, received, received_counts, received_offsets, float_type, world);
}

int vptsp_processors(unsigned char *mask, size_t size) { return sched_getaffinity(0, size, (cpu_set_t *)(void *)mask) == 0; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int vptsp_mpi_meet(int code, int *codes, double seconds) {
    static int own;
    own = code;
    handle request = NULL;
    mpi.begin_all_gather(&own, (int)sizeof own, bytes_type, codes, (int)sizeof own, bytes_type, ending, &request);
    double began = now();
    for (;;) {
        int done = 0;
        mpi.test(&request, &done, no_status);
        if (done) return 1;
        if (seconds >= 0 && now() - began > seconds) return 0;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

void vptsp_mpi_close(void) {
    if (is_open) mpi.finalize();
    is_open = 0;
}

void vptsp_mpi_abort(int code) {
    if (is_open) mpi.abort(world, code);
    _Exit(code);
}
