#!/usr/bin/env python3
"""Searches in a million embeddings: recall and queries a second of vptsp beside faiss-cpu, on the same rows.

usage: search-peer.py VPTSP FOLDER make|build|measure [ROWS]        (needs numpy and faiss-cpu)

make      writes FOLDER/rows.npy (ROWS x 384, 1,000,000 unless given) and queries.npy (2,000 x 384), clustered as embeddings are: 20,000
          centres in 24 dimensions, a row's offset from its uniform centre half as long, all through one random layer of 64 tanh units to
          384 dimensions, noise of a twentieth on top, length 1; seed 0
build     builds the graphs of both, m 12, ef-construction 60: ours by one thread, faiss by two; keeps them in FOLDER
measure   recall@10 against faiss's flat index, and queries a second, two threads each
"""
import os, re, subprocess, sys, time
import numpy as np

WIDTH, CENTRES, QUERIES, K = 384, 20_000, 2_000, 10
LATENT, HIDDEN = 24, 64
M, EF = 12, 60
BREADTHS = [16, 32, 64, 128, 256]


def make(folder, count):
    random = np.random.default_rng(0)
    centres = random.standard_normal((CENTRES, LATENT), dtype=np.float32)
    into = random.standard_normal((LATENT, HIDDEN), dtype=np.float32) / np.float32(LATENT ** 0.5)
    out_of = random.standard_normal((HIDDEN, WIDTH), dtype=np.float32)

    def rows(n):
        out = np.empty((n, WIDTH), np.float32)
        for start in range(0, n, 50_000):
            part = out[start:start + 50_000]
            latent = centres[random.integers(0, CENTRES, len(part))] + 0.5 * random.standard_normal((len(part), LATENT), dtype=np.float32)
            np.matmul(np.tanh(latent @ into), out_of, out=part)
            length = np.linalg.norm(part, axis=1).mean()
            part += (length / 20 / WIDTH ** 0.5) * random.standard_normal(part.shape, dtype=np.float32)
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return out

    np.save(f"{folder}/rows.npy", rows(count))
    np.save(f"{folder}/queries.npy", rows(QUERIES))


def script(program, folder, text):
    path = f"{folder}/search.vps"
    with open(path, "w") as file:
        file.write("threads 2\n" + text)
    done = subprocess.run([program, "run", path], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def build(program, folder):
    from tuned_faiss import faiss
    print(script(program, folder, f'index "{folder}/ours.safetensors" from="{folder}/rows.npy" m={M} ef-construction={EF}\n').strip(), flush=True)
    faiss.omp_set_num_threads(2)
    rows = np.load(f"{folder}/rows.npy")
    graph = faiss.IndexHNSWFlat(WIDTH, M, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = EF
    began = time.monotonic()
    graph.add(rows)
    print(f"faiss {faiss.__version__}: graph in {time.monotonic() - began:.0f} s by two threads", flush=True)
    faiss.write_index(graph, f"{folder}/faiss.hnsw")


def measure(program, folder):
    from tuned_faiss import faiss
    faiss.omp_set_num_threads(2)
    queries = np.load(f"{folder}/queries.npy")
    rows = np.load(f"{folder}/rows.npy", mmap_mode="r")
    flat = faiss.IndexFlatIP(WIDTH)
    flat.add(np.ascontiguousarray(rows))

    def timed(index):
        index.search(queries[:100], K)
        began = time.monotonic()
        found = index.search(queries, K)[1]
        return found, len(queries) / (time.monotonic() - began)

    truth, rate = timed(flat)

    def recall(found):
        return np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])

    lines = [("faiss flat", 1.0, rate)]
    del flat
    graph = faiss.read_index(f"{folder}/faiss.hnsw")
    for breadth in BREADTHS:
        graph.hnsw.efSearch = breadth
        found, rate = timed(graph)
        lines.append((f"faiss HNSW, ef {breadth}", recall(found), rate))
    del graph
    search = f'search "{folder}/queries.npy" index="{folder}/ours.safetensors" k={K}'
    names = [("vptsp exact", "exact")] + [(f"vptsp HNSW, ef {b}", f"ef={b}") for b in BREADTHS]
    text = "".join(f'{search} {option} output="{folder}/found-{i}.npy"\n' for i, (_, option) in enumerate(names))
    rates = re.findall(r": ([\d.]+) queries/s", script(program, folder, text).replace(",", ""))
    for i, (name, _) in enumerate(names):
        lines.append((name, recall(np.load(f"{folder}/found-{i}.npy")), float(rates[i])))
    print(f"{len(rows):,} x {WIDTH}, {len(queries):,} queries, recall@{K}, two threads")
    for name, share, rate in lines:
        print(f"{name:22} {share:.4f} {rate:10.1f} queries/s")


program, folder, stage = sys.argv[1:4]
os.makedirs(folder, exist_ok=True)
if stage == "make":
    make(folder, int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000)
elif stage == "build":
    build(program, folder)
else:
    measure(program, folder)
