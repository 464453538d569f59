"""The other side of Scripts/bench.sh: the same work done the usual way in Python, one JSON line each.

    peer.py step   [options]            a training step of the method on timm's ViT in PyTorch
    peer.py eval   [options]            embedding a batch with it
    peer.py recall FILE [options]       R@K and MAP@R by faiss's exact index; FILE as `vptsp-bench recall --save` writes it
    peer.py decode FOLDER [options]     pictures through Pillow, or Pillow-SIMD where it is found first, and torchvision's transforms

Needs torch and timm; faiss-cpu for `recall`; torchvision and Pillow for `decode`.
"""
import argparse
import contextlib
import json
import os
import resource
import statistics
import time


def timing(seconds):
    seconds = sorted(seconds)
    return {"median": statistics.median(seconds), "least": seconds[0], "most": seconds[-1], "runs": len(seconds)}


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def repeated(work, runs):
    """Once unmeasured, then `runs` times."""
    work()
    return timing([timed(work) for _ in range(runs)])


def write(**line):
    print(json.dumps({**line, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


def pair(text):
    layers, count = map(int, text.split(","))
    return layers, count


# The network -----------------------------------------------------------------------------------------------------------

VITS = {"vit-s16": "vit_small_patch16_224", "vit-b16": "vit_base_patch16_224"}


def make_network(options):
    """Prompts of VPT-deep, class prompts, GRU over the stored proxies, as in section 3 and 4 of the method."""
    import timm
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Gate(nn.Module):
        """W p + U P + b of one gate."""

        def __init__(self, width):
            super().__init__()
            self.new = nn.Linear(width, width)
            self.old = nn.Linear(width, width, bias=False)
            for weight in (self.new.weight, self.old.weight):
                nn.init.xavier_uniform_(weight)
            nn.init.zeros_(self.new.bias)

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.vit = timm.create_model(VITS[options.vit], num_classes=0).requires_grad_(options.method == "full")
            width = self.vit.embed_dim
            if options.bitfit or options.method == "bitfit":
                for name, parameter in self.vit.named_parameters():
                    if name.endswith("bias"):
                        parameter.requires_grad_(True)
            self.head = self.make_head(width)
            self.proxies = nn.Parameter(nn.init.xavier_uniform_(torch.empty(options.classes, options.dim)) / 8)
            self.prompts, self.class_prompts = nn.ParameterList(), nn.ParameterList()
            if options.method in ("vpt", "vptsp-m", "vptsp-g"):
                self.prompts = self.make_prompts(1, *pair(options.prompts), width)
            self.is_semantic = options.method.startswith("vptsp")
            if self.is_semantic:
                self.class_prompts = self.make_prompts(options.classes, *pair(options.class_prompts), width)
                self.proxy_head = self.make_head(width)
                self.gates = nn.ModuleList(Gate(options.dim) for _ in range(3)) if options.method == "vptsp-g" else None
                self.register_buffer("container", F.normalize(torch.randn(options.classes, options.dim), dim=1))

        @staticmethod
        def make_head(width):
            linear = nn.Linear(width, options.dim)
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
            return nn.Sequential(nn.LayerNorm(width, eps=1e-5), linear)

        @staticmethod
        def make_prompts(groups, layers, count, width):
            return nn.ParameterList(nn.Parameter(nn.init.xavier_normal_(torch.empty(groups, count, width))) for _ in range(layers))

        def cls(self, tokens, prompts):
            """The CLS row after the last norm; `prompts` has (images or 1, n, width) for the first layers."""
            for layer, block in enumerate(self.vit.blocks):
                if layer < len(prompts) and prompts[layer].shape[1] > 0:
                    own = prompts[layer].expand(len(tokens), -1, -1)
                    tokens = block(torch.cat([own, tokens], dim=1))[:, own.shape[1] :]
                else:
                    tokens = block(tokens)
            return self.vit.norm(tokens)[:, 0]

        def tokens(self, images):
            return self.vit.norm_pre(self.vit._pos_embed(self.vit.patch_embed(images)))

        def embed(self, images):
            return F.normalize(self.head(self.cls(self.tokens(images), self.prompts)), dim=-1)

        def forward(self, images, labels):
            tokens = self.tokens(images)
            embeddings = F.normalize(self.head(self.cls(tokens, self.prompts)), dim=-1)
            if not self.is_semantic:
                return embeddings, F.normalize(self.proxies, dim=1)
            made = F.normalize(self.proxy_head(self.cls(tokens, [p[labels] for p in self.class_prompts])), dim=-1)
            present = labels[:: options.per_class]
            made = made.unflatten(0, (len(present), options.per_class))
            state = self.container[present]
            if self.gates is None:
                state = F.normalize(0.8 * state + 0.2 * made.mean(dim=1), dim=-1)
            else:
                keep, reset, fresh = self.gates
                for step in made.unbind(dim=1):
                    z = torch.sigmoid(keep.new(step) + keep.old(state))
                    r = torch.sigmoid(reset.new(step) + reset.old(state))
                    candidate = torch.relu(fresh.new(step) + r * fresh.old(state))
                    state = F.normalize((1 - z) * state + z * candidate, dim=-1)
            stored = self.container.index_copy(0, present, state.to(self.container.dtype))
            self.container = stored.detach()
            return embeddings, F.normalize(0.5 * stored + 0.5 * self.proxies, dim=1)

    return Network()


def proxy_anchor(embeddings, proxies, labels):
    """Kim et al. 2020, a = 32, d = 0.1; both terms divided by the number of classes."""
    import torch

    similarity = embeddings @ proxies.T
    own = torch.nn.functional.one_hot(labels, len(proxies)).bool()

    def term(exponents, taken):
        exponents = exponents.masked_fill(~taken, float("-inf"))
        zero = exponents.new_zeros(1, len(proxies))
        return torch.logsumexp(torch.cat([zero, exponents]), dim=0).sum() / len(proxies)

    return term(-32 * (similarity - 0.1), own) + term(32 * (similarity + 0.1), ~own)


def arithmetic(options):
    import torch

    return torch.autocast("cpu", torch.bfloat16) if options.precision == "bf16" else contextlib.nullcontext()


def settings(options):
    keys = "method vit batch per_class classes dim threads precision prompts class_prompts bitfit".split()
    return {key: getattr(options, key) for key in keys}


def step(options):
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    network = make_network(options).train()
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], lr=0.005, momentum=0.9)
    called = torch.compile(network) if options.compile else network
    images = torch.rand(options.batch, 3, 224, 224) * 2 - 1

    def work():
        labels = torch.randperm(options.classes)[: options.batch // options.per_class].repeat_interleave(options.per_class)
        optimizer.zero_grad(set_to_none=True)
        with arithmetic(options):
            embeddings, proxies = called(images, labels)
        proxy_anchor(embeddings.float(), proxies.float(), labels).backward()
        optimizer.step()

    seconds = repeated(work, options.steps)
    write(bench="step", peer=f"torch {torch.__version__}", compile=options.compile, model=settings(options), seconds=seconds,
          images_per_second=options.batch / seconds["median"])


def evaluate(options):
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    network = make_network(options).eval()
    images = torch.rand(options.batch, 3, 224, 224) * 2 - 1
    with torch.inference_mode(), arithmetic(options):
        seconds = repeated(lambda: network.embed(images), options.steps)
    write(bench="eval", peer=f"torch {torch.__version__}", model=settings(options), seconds=seconds,
          images_per_second=options.batch / seconds["median"])


# Retrieval -------------------------------------------------------------------------------------------------------------


def recall(options):
    from tuned_faiss import faiss
    import numpy as np

    faiss.omp_set_num_threads(options.threads)
    labels = np.fromfile(options.file + ".labels", dtype=np.int64)
    rows = np.fromfile(options.file, dtype=np.float32).reshape(len(labels), -1)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    largest = int(np.bincount(labels).max()) - 1
    depth = max(options.depth, largest)
    figures = {}

    def work():
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        _, found = index.search(rows, depth + 1)
        # The query itself goes, wherever it stands; where it is not among them the last one does.
        own = found == np.arange(len(rows))[:, None]
        own[~own.any(axis=1), -1] = True
        found = found[~own].reshape(len(rows), depth)
        hits = labels[found] == labels[:, None]
        relevant = np.bincount(labels)[labels] - 1
        inside = hits[:, :largest] & (np.arange(largest) < relevant[:, None])
        precision = np.cumsum(inside, axis=1) / np.arange(1, largest + 1)
        figures["recall_at1"] = float(hits[:, 0].mean())
        figures["mean_average_precision_at_r"] = float(((precision * inside).sum(axis=1) / relevant).mean())

    seconds = repeated(work, options.runs)
    write(bench="recall", peer=f"faiss {faiss.__version__}", items=len(rows), classes=int(labels.max()) + 1, dim=rows.shape[1], threads=options.threads,
          seconds=seconds, depth=depth, queries_per_second=len(rows) / seconds["median"], **figures)


# Pictures --------------------------------------------------------------------------------------------------------------


def decode(options):
    import io

    import PIL
    import torch
    import torchvision
    from PIL import Image
    from torchvision import transforms as T

    torch.set_num_threads(1)
    names = sorted(name for name in os.listdir(options.file) if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))
    files = [open(os.path.join(options.file, name), "rb").read() for name in names]
    end = [T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)]
    evaluation = T.Compose([T.Resize(256), T.CenterCrop(224), *end])
    training = T.Compose([T.RandomResizedCrop(224), T.RandomHorizontalFlip(), *end])

    def opened(data):
        return Image.open(io.BytesIO(data)).convert("RGB")

    pictures = [opened(data) for data in files]
    works = {
        "decode": lambda i: opened(files[i]).load(),
        "evaluation crop": lambda i: evaluation(pictures[i]),
        "training crop": lambda i: training(pictures[i]),
        "decode and evaluation crop": lambda i: evaluation(opened(files[i])),
        "decode and training crop": lambda i: training(opened(files[i])),
    }
    pillow = "Pillow-SIMD" if ".post" in PIL.__version__ else "Pillow"
    for name, work in works.items():
        def all_files():
            for i in range(len(files)):
                work(i)

        all_files()
        taken = []
        while len(taken) < 3 or sum(taken) < options.seconds:
            taken.append(timed(all_files))
        seconds = timing(taken)
        write(bench="decode", peer=f"{pillow} {PIL.__version__}, torchvision {torchvision.__version__}", pillow=pillow, work=name, pictures=len(files), threads=1,
              seconds=seconds, images_per_second=len(files) / seconds["median"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    network = argparse.ArgumentParser(add_help=False)
    network.add_argument("--method", default="vptsp-g", choices="linear bitfit vpt vptsp-m vptsp-g full".split())
    network.add_argument("--vit", default="vit-s16", choices=list(VITS))
    network.add_argument("--precision", default="f32", choices=["f32", "bf16"])
    for name, value in {"batch": 32, "per-class": 2, "classes": 100, "dim": 384, "threads": 2, "steps": 5}.items():
        network.add_argument(f"--{name}", type=int, default=value)
    network.add_argument("--prompts", default="12,10")
    network.add_argument("--class-prompts", default="12,3")
    network.add_argument("--bitfit", action="store_true")
    network.add_argument("--compile", action="store_true")
    for name, run in (("step", step), ("eval", evaluate)):
        commands.add_parser(name, parents=[network]).set_defaults(run=run)
    searching = commands.add_parser("recall")
    searching.add_argument("file")
    for name, value in {"threads": 2, "runs": 3, "depth": 10}.items():
        searching.add_argument(f"--{name}", type=int, default=value)
    searching.set_defaults(run=recall)
    pictures = commands.add_parser("decode")
    pictures.add_argument("file", metavar="folder")
    pictures.add_argument("--seconds", type=float, default=1.0)
    pictures.set_defaults(run=decode)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
