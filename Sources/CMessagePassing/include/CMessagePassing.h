// MPI behind one door, opened at run time.
//
// Nothing is built against MPI: the library is opened by a process that an MPI launcher has started, and by no other. Its
// handles differ between the two families of binary interface, so both are known here: Open MPI's (addresses of symbols
// such as ompi_mpi_comm_world) and MPICH's (fixed numbers; also Intel MPI, Cray MPICH, MVAPICH).
//
// To be called from one thread, the one that opened it. Failures of communication end all processes, with MPI's message.
#pragma once

#include <stddef.h>

/// Opens the library and starts MPI. Returns NULL, or why it cannot be done.
/// `prefers_mpich`: which family to look for first, when a launcher may belong to either.
const char *vptsp_mpi_open(int prefers_mpich);

/// Number of this process, and how many there are. 0 and 1 before a successful open.
int vptsp_mpi_rank(void);
int vptsp_mpi_size(void);
/// The library's name and version; "" before a successful open.
const char *vptsp_mpi_version(void);

/// The first process's bytes to all.
void vptsp_mpi_broadcast(void *bytes, int count);
/// Every process's `count` bytes to all: process r's to `all` + offsets[r].
void vptsp_mpi_gather_bytes(const void *bytes, int count, void *all, const int *counts, const int *offsets);
/// Completes an array of floats of which each process has its own range.
void vptsp_mpi_complete(float *values, const int *counts, const int *offsets);
/// Sends each process a range of floats, and receives one from each.
void vptsp_mpi_exchange(const float *values, const int *counts, const int *offsets, float *received, const int *received_counts,
                        const int *received_offsets);

/// One bit for each processor that this process may run on, in `mask` of `size` bytes; 0 where the system does not say.
int vptsp_processors(unsigned char *mask, size_t size);

/// Tells all processes how this one ended, and waits until all have; at most `seconds` long, without limit where that is negative.
/// Returns 1 with everyone's `codes`, 0 when some are still at work.
int vptsp_mpi_meet(int code, int *codes, double seconds);
/// Ends MPI, after all have met.
void vptsp_mpi_close(void);
/// Ends all processes at once.
void vptsp_mpi_abort(int code);
