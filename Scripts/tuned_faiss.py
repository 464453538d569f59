"""faiss with the matrix kernels that the processor has.

The OpenBLAS inside faiss's wheel is older than many processors and then takes kernels for none of their extensions: it is told, as
ours is, what this one can do, or it would lose by a factor of four for no fault of faiss.
"""
import os

with open("/proc/cpuinfo") as file:
    flags = file.read().split()
kernel = "SkylakeX" if "avx512bw" in flags else "Haswell" if "avx2" in flags else None
if kernel:
    os.environ.setdefault("OPENBLAS_CORETYPE", kernel)

import faiss  # noqa: E402, F401
