#!/usr/bin/env python3
"""Makes Sources/EmbeddedAssets/Resources from the original glyph archives and weight files, and checks every byte of it.

usage: make-embedded-assets.py DATA [RESOURCES]      (needs numpy and Pillow)

DATA holds glyphs-clean.tar.gz and glyphs-distorted.tar.gz (glyphs/{train,test}/<class>/<face>.png, grey, 48x48) and
vit-nano-{far,near}.safetensors. Written are
  glyphs-{clean,distorted}-{train,test}.webp  one lossless sheet each: a row a class, a column a face, both in name order
  glyphs.json                                 tile size, names of the faces and of the classes
  vit-nano-{far,near}.safetensors             the blocks' matrices as F16, all other tensors as they were (F32)
Every tile is read back and compared with its original; every tensor with what it was rounded from.
"""
import io, json, os, struct, sys, tarfile
import numpy as np
from PIL import Image

SIDE = 48


def tiles(archive):
    """{split: {class: {face: SIDE x SIDE bytes}}} of one archive."""
    found = {"train": {}, "test": {}}
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile():
                continue
            _, split, name, file = member.name.removeprefix("./").split("/")
            picture = Image.open(io.BytesIO(tar.extractfile(member).read()))
            assert picture.mode == "L" and picture.size == (SIDE, SIDE), member.name
            found[split].setdefault(name, {})[file.removesuffix(".png")] = np.array(picture)
    return found


def write_sheet(classes, faces, path):
    sheet = np.concatenate([np.concatenate([classes[c][f] for f in faces], axis=1) for c in sorted(classes)])
    Image.fromarray(sheet).convert("RGB").save(path, "WEBP", lossless=True, quality=100, method=6)
    back = np.array(Image.open(path).convert("RGB"))
    checked = 0
    for row, c in enumerate(sorted(classes)):
        for column, f in enumerate(faces):
            tile = back[row * SIDE:(row + 1) * SIDE, column * SIDE:(column + 1) * SIDE]
            assert (tile == classes[c][f][:, :, None]).all(), (path, c, f)
            checked += 1
    return checked


def write_weights(source, path):
    data = open(source, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8:8 + length]), data[8 + length:]
    written, parts, offset = {"__metadata__": header.pop("__metadata__")}, [], 0
    for name in sorted(header):
        entry = header[name]
        assert entry["dtype"] == "F32", name
        values = np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        halved = name.startswith("blocks.") and values.ndim == 2
        stored = values.astype("<f2") if halved else values
        assert np.abs(stored.astype("<f4") - values).max() <= np.abs(values).max() * 2**-11, name
        part = stored.tobytes()
        written[name] = {"dtype": "F16" if halved else "F32", "shape": entry["shape"], "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(written, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main():
    data = sys.argv[1]
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "../Sources/EmbeddedAssets/Resources")
    os.makedirs(out, exist_ok=True)
    index = None
    for variant in ("clean", "distorted"):
        splits = tiles(f"{data}/glyphs-{variant}.tar.gz")
        faces = sorted(next(iter(splits["train"].values())))
        names = dict(tile=SIDE, faces=faces, train=sorted(splits["train"]), test=sorted(splits["test"]))
        assert index in (None, names), "clean and distorted must hold the same glyphs"
        index = names
        for split, classes in splits.items():
            checked = write_sheet(classes, faces, f"{out}/glyphs-{variant}-{split}.webp")
            print(f"{variant} {split}: {checked} tiles equal to their originals")
    with open(f"{out}/glyphs.json", "w") as file:
        json.dump(index, file, indent=1)
        file.write("\n")
    for variant in ("far", "near"):
        write_weights(f"{data}/vit-nano-{variant}.safetensors", f"{out}/vit-nano-{variant}.safetensors")
    print(f"{sum(os.path.getsize(os.path.join(out, f)) for f in os.listdir(out)):,} bytes")


main()
