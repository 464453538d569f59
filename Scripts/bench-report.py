"""Tables of what Scripts/bench.sh measured.

    bench-report.py LOG [--write FILE]     prints them; or puts them between the two marks of FILE
    bench-report.py --machine              one JSON line: what the log was measured on
"""
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import defaultdict
from statistics import median

BEGIN, END = "<!-- measured: written by Scripts/bench.sh --write -->", "<!-- end of what was measured -->"


def machine():
    def text(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return "unknown"

    with open("/proc/cpuinfo") as file:
        cpu = file.read()
    model = re.search(r"model name\s*: (.*)", cpu)
    flags = (re.search(r"flags\s*: (.*)", cpu) or re.search(r"Features\s*: (.*)", cpu) or [None, ""])[1].split()
    useful = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags]
    swift = text("swift", "--version").splitlines()[0]
    commit = text("git", "rev-parse", "--short", "HEAD") + ("" if text("git", "status", "--porcelain", "Sources") == "" else " and changes")
    return dict(bench="machine", date=time.strftime("%Y-%m-%d"), processor=model[1] if model else platform.machine(), cores=os.cpu_count(),
                flags=useful, swift=swift, python=platform.python_version(), commit=commit)


def number(value, digits=3):
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def table(heads, rows):
    if not rows:
        return ""
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def spread(lines):
    """Median over runs, and how far they lie apart."""
    values = [line["seconds"]["median"] for line in lines]
    return median(values), f"{min(values):.3g} to {max(values):.3g}" if len(values) > 1 else ""


def middle(lines, key):
    values = [line[key] for line in lines if line.get(key) is not None]
    return median(values) if values else None


class Log:
    def __init__(self, path):
        with open(path) as file:
            self.lines = [json.loads(line) for line in file if line.startswith("{")]

    def of(self, bench, peer=None, **keys):
        """Lines of one bench, the peer's or ours, whose model or own fields are as given."""
        def fits(line):
            values = {**line.get("model", {}), **{key: value for key, value in line.items() if key != "model"}}
            return all(values.get(key) == value for key, value in keys.items())

        return [line for line in self.lines if line["bench"] == bench and (peer is None or ("peer" in line) == peer) and fits(line)]


# How products are computed, as tables name it and as the log has it.
WAYS = {
    "f32": dict(precision="f32", library="openblas"),
    "f32, products=onednn": dict(precision="f32", library="onednn"),
    "f32, products=tiles": dict(precision="f32", library="tiles"),
    "bf16": dict(precision="bf16"),
}


def against_peers(log):
    rows = []
    for name, bench, keys in [
        (f"{title}, {name}", bench, dict(tag=tag, **way))
        for title, bench, tag in [("VPTSP-G step", "step", "step"), ("evaluation", "eval", "eval"), ("step, 12 x 90 prompts", "step", "prompts")]
        for name, way in WAYS.items()
    ]:
        own = log.of(bench, peer=False, **keys)
        if not own:
            continue
        model = own[0]["model"]
        shape = {key: model[key] for key in ("method", "vit", "batch", "per_class", "classes", "dim", "threads", "precision", "prompts", "class_prompts", "bitfit")}
        other = log.of(bench, peer=True, **shape)
        seconds, apart = spread(own)
        row = [name, f"{number(seconds)} s", apart, f"{number(model['batch'] / seconds)}", number(middle(own, "gflop_per_second")),
               percent(middle(own, "share_of_products")), number(middle(own, "peak_mib"))]
        if other:
            theirs, their_apart = spread(other)
            memory = middle(other, "peak_mib")
            row += [f"{number(theirs)} s", their_apart, number(memory), f"**{theirs / seconds:.2f}**", f"**{middle(own, 'peak_mib') / memory:.2f}**"]
        else:
            row += ["–"] * 5
        rows.append(row)
    return table(["what", "vptsp", "runs", "images/s", "GFLOP/s", "of the products' rate", "peak MiB", "PyTorch", "runs", "peak MiB", "times faster", "times its memory"], rows)


def percent(value):
    return "–" if value is None else f"{100 * value:.0f} %"


def memory(log):
    rows = []
    for name, way in WAYS.items():
        for batch, is_low in [(64, False), (64, True), (256, True)]:
            own = [line for line in log.of("step", peer=False, tag="memory", **way, batch=batch) if ("put_aside_mib" in line) == is_low]
            if not own:
                continue
            pairs = [line["beside_kept"]["times_as_long"] for line in own if line.get("beside_kept")]
            apart = f" ({min(pairs):.2f} to {max(pairs):.2f})" if len(pairs) > 1 else ""
            rows.append([
                name, str(batch), "low" if is_low else "normal", f"{number(spread(own)[0])} s", f"{median(pairs):.2f}{apart}" if pairs else "–",
                number(middle(own, "peak_mib")), number(middle(own, "put_aside_mib"))])
    return table(["products", "batch", "memory", "step", "times as long as a step beside it with memory=normal", "peak MiB", "MiB in a temporary file"], rows)


def profile(log):
    rows = []
    kinds = ["products", "attention", "norms", "gelu", "loss", "optimizer", "copies", "engine", "system", "idle"]
    for name, way in WAYS.items():
        for line in log.of("profile", **way)[-1:]:
            rows.append([name] + [percent(line["shares"].get(kind, 0)) for kind in kinds])
    return table(["of a step in", *kinds], rows)


def kernels(log):
    rows = []
    for name in dict.fromkeys((line["kernel"], line["shape"]) for line in log.of("kernels")):
        row = [name[0], name[1]]
        for threads in (1, 2):
            found = log.of("kernels", kernel=name[0], shape=name[1], threads=threads)
            rate = middle(found, "gflop_per_second")
            row.append(f"{number(rate)} GFLOP/s" if rate else f"{number(middle(found, 'gigabytes_per_second'))} GB/s")
        rows.append(row)
    return table(["kernel", "size", "one thread", "two threads"], rows)


def recall(log):
    rows = []
    for depth in dict.fromkeys(line["depth"] for line in log.of("recall")):
        own, other = log.of("recall", peer=False, depth=depth), log.of("recall", peer=True, depth=depth)
        if not own:
            continue
        seconds, apart = spread(own)
        line = own[0]
        row = [f"{line['items']:,} x {line['dim']}", f"{depth:,}", f"{number(seconds)} s", apart, number(middle(own, "gflop_per_second")), number(middle(own, "peak_mib"))]
        if other:
            theirs, their_apart = spread(other)
            row += [f"{number(theirs)} s", their_apart, number(middle(other, "peak_mib")), f"**{theirs / seconds:.2f}**",
                    f"{line['recall_at1']:.5f}, {other[0]['recall_at1']:.5f}",
                    f"{line['mean_average_precision_at_r']:.5f}, {other[0]['mean_average_precision_at_r']:.5f}"]
        else:
            row += ["–"] * 6
        rows.append(row)
    return table(["items", "ranks", "vptsp", "runs", "GFLOP/s", "peak MiB", "faiss", "runs", "peak MiB", "times faster", "R@1 of both", "MAP@R of both"], rows)


def decode(log):
    rows = []
    for work in dict.fromkeys(line["work"] for line in log.of("decode")):
        own = middle(log.of("decode", peer=False, work=work, threads=1), "images_per_second")
        row = [work, number(own), number(middle(log.of("decode", peer=False, work=work, threads=2), "images_per_second"))]
        for pillow in ("Pillow", "Pillow-SIMD"):
            theirs = middle([line for line in log.of("decode", peer=True, work=work) if line["pillow"] == pillow], "images_per_second")
            row += [number(theirs), f"**{own / theirs:.2f}**" if own and theirs else "–"]
        rows.append(row)
    return table(["pictures a second, JPEG 500 x 375", "vptsp, one core", "two", "Pillow and torchvision, one core", "times faster",
                  "Pillow-SIMD and torchvision", "times faster"], rows)


def language(log):
    rows = [[f"parse and check {line['lines']:,} lines", f"{1000 * line['parse_and_check_seconds']['median']:.1f} ms", f"{line['peak_mib']}"] for line in log.of("parse")]
    rows += [["start to prompt", f"{1000 * line['seconds']['median']:.1f} ms", f"{line['peak_mib']}"] for line in log.of("startup")]
    return table(["what", "median", "peak MiB"], rows)


def scaling(log):
    text = ""
    columns = {"scaling: batch": ("batch",), "scaling: network": ("vit",), "scaling: prompts": ("prompts",), "scaling: classes": ("classes",)}
    for tag, keys in columns.items():
        lines = log.of("step", peer=False, tag=tag)
        groups = defaultdict(list)
        for line in lines:
            groups[tuple(str(line["model"][key]) for key in keys) + (line["model"]["threads"],)].append(line)
        # What the first row with two threads reaches is what every other row of the table is predicted from.
        reference = next((group for key, group in groups.items() if key[-1] == 2), None)
        if not reference:
            continue
        rate = middle(reference, "gflop_per_second")
        rows = []
        for key, group in groups.items():
            seconds, _ = spread(group)
            predicted = middle(group, "gflop") / rate * (2 / key[-1])
            rows.append([*key[:-1], str(key[-1]), f"{number(seconds)} s", number(1 / seconds), number(middle(group, "gflop")), f"{number(predicted)} s",
                         f"{seconds / predicted:.2f}", number(middle(group, "gflop_per_second")), number(middle(group, "peak_mib"))])
        text += f"\n{tag.split(': ')[1].capitalize()}:\n\n" + table([*keys, "threads", "step", "steps/s", "GFLOP needed", "predicted", "measured / predicted", "GFLOP/s", "peak MiB"], rows)
    return text


def report(log):
    text = ""
    for line in log.of("machine")[-1:]:
        peers = sorted({own["peer"] for own in log.lines if "peer" in own})
        text += (f"Measured on {line['date']}: {line['processor']}, {line['cores']} cores ({', '.join(line['flags']) or 'no vector extensions named'}), "
                 f"{line['swift']}, Python {line['python']}{''.join(', ' + peer for peer in peers)}; commit {line['commit']}.\n")
    for title, body in [
        ("Beside PyTorch", against_peers(log)), ("`memory=low`", memory(log)), ("Where a step's time goes", profile(log)),
        ("Kernels, ViT-S/16, 16 images", kernels(log)), ("Retrieval beside faiss", recall(log)), ("Pictures", decode(log)), ("Language", language(log)), ("Scaling", scaling(log)),
    ]:
        if body:
            text += f"\n## {title}\n\n{body.lstrip()}"
    return text


def main():
    arguments = sys.argv[1:]
    if arguments == ["--machine"]:
        print(json.dumps(machine()))
        return
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--write"):
        sys.exit(__doc__)
    text = report(Log(arguments[0]))
    if len(arguments) == 1:
        print(text)
        return
    with open(arguments[2]) as file:
        page = file.read()
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        sys.exit(f"{arguments[2]} lacks the marks between which the tables go")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    with open(arguments[2], "w") as file:
        file.write(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
