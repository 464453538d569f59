#!/usr/bin/env python3
"""Writes Tests/ImageDataTests/Resources/pillow.json: small files of every kind with what Pillow and torchvision make of them.

usage: make-image-cases.py [GOLDEN]      (needs numpy, Pillow, torchvision)

decode     file bytes and the RGB bytes of Image.open(f).convert("RGB"), both base64
resize     hashes of Image.resize results; the input is the pattern below
transform  hashes of Resize + CenterCrop results, the same inputs
golden     with GOLDEN, a folder of parity cases: hashes for its files under 25 kB, which are copied beside the JSON

A hash is FNV-1a, 64 bits, over the bytes.
"""
import base64, io, json, os, shutil, struct, sys, warnings, zlib
import numpy as np, PIL, torchvision
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import functional as TF

warnings.simplefilter("ignore")
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/ImageDataTests/Resources")
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
MODES = {"bilinear": T.InterpolationMode.BILINEAR, "bicubic": T.InterpolationMode.BICUBIC}
rng = np.random.default_rng(2)


def fnv(array):
    value = 0xCBF29CE484222325
    for byte in np.ascontiguousarray(array).tobytes():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def pattern(width, height):
    """Byte i is the top byte of the i-th state of a linear congruential generator: sharp edges everywhere."""
    state, out = 1, bytearray()
    for _ in range(width * height * 3):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        out.append(state >> 56)
    return np.frombuffer(bytes(out), np.uint8).reshape(height, width, 3)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, color, channels, interlaced, palette_size=None):
    """A PNG of random samples, for the kinds that Pillow does not write."""
    def rows(w, h):
        return b"".join(b"\0" + rng.integers(0, 256, (w * channels * depth + 7) // 8, dtype=np.uint8).tobytes() for _ in range(h)) if w else b""
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        raw = b"".join(rows(len(range(x, width, dx)), len(range(y, height, dy))) for x, y, dx, dy in passes)
    else:
        raw = rows(width, height)
    palette = chunk(b"PLTE", rng.integers(0, 256, 3 * (palette_size or 2**depth), dtype=np.uint8).tobytes()) if color == 3 else b""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def decode_cases():
    x, y = np.meshgrid(np.arange(23), np.arange(17))
    base = np.stack([x * 11, y * 15, (x * y * 3) % 256], -1).astype(np.uint8)
    base[4:9, 5:14] = rng.integers(0, 256, (5, 9, 3), dtype=np.uint8)
    photo = Image.fromarray(base)
    alpha = photo.convert("RGBA")
    alpha.putalpha(Image.fromarray(rng.integers(0, 256, (17, 23), dtype=np.uint8)))
    turned = Image.Exif()
    turned[0x112] = 6
    yield "jpeg 4:4:4", saved(photo, "JPEG", subsampling=0)
    yield "jpeg 4:2:2", saved(photo, "JPEG", subsampling=1)
    yield "jpeg 4:2:0", saved(photo, "JPEG", subsampling=2)
    yield "jpeg progressive", saved(photo, "JPEG", progressive=True)
    yield "jpeg grey", saved(photo.convert("L"), "JPEG")
    yield "jpeg cmyk", saved(photo.convert("CMYK"), "JPEG")
    yield "jpeg rgb", saved(photo, "JPEG", keep_rgb=True)
    yield "jpeg exif turned", saved(photo, "JPEG", exif=turned)
    for mode in ("1", "L", "LA", "P", "RGB"):
        yield f"png {mode}", saved(photo.convert(mode), "PNG")
    yield "png RGBA", saved(alpha, "PNG")
    yield "png P transparent colour", saved(photo.quantize(16), "PNG", transparency=3)
    yield "png P transparent table", saved(photo.quantize(16), "PNG", transparency=bytes(range(0, 160, 10)))
    yield "png RGB transparent colour", saved(photo, "PNG", transparency=(0, 0, 0))
    yield "png 16-bit grey, low", saved(Image.fromarray(rng.integers(0, 400, (17, 23), dtype=np.uint16)), "PNG")
    for depth, color, channels in [(1, 0, 1), (2, 0, 1), (4, 0, 1), (16, 0, 1), (16, 2, 3), (16, 4, 2), (16, 6, 4), (1, 3, 1), (2, 3, 1), (4, 3, 1)]:
        for interlaced in (False, True):
            yield f"png depth {depth} colour {color}{' interlaced' if interlaced else ''}", png(13, 11, depth, color, channels, interlaced)
    yield "png short palette", png(13, 11, 8, 3, 1, False, palette_size=100)
    yield "webp lossy", saved(photo, "WEBP", quality=70)
    yield "webp lossless", saved(photo, "WEBP", lossless=True)
    yield "webp alpha", saved(alpha, "WEBP", quality=70)
    yield "webp alpha lossless", saved(alpha, "WEBP", lossless=True, exact=True)


def resize_cases():
    whole = [(17, 23, 30, 41), (64, 48, 20, 15), (40, 90, 33, 20), (90, 40, 20, 33), (31, 58, 22, 15), (5, 3, 1, 1), (1, 1, 7, 5), (50, 50, 50, 20), (50, 50, 20, 50), (30, 30, 30, 30)]
    for w, h, ow, oh in whole:
        yield w, h, ow, oh, None
    yield 60, 50, 24, 31, (3.25, 4.5, 41.75, 30.125)
    yield 60, 50, 24, 31, (0, 0, 24, 31)
    yield 25, 150, 11, 40, (10.25, 60.5, 14.75, 105.5)


def main():
    pack = lambda data: base64.b64encode(data).decode()
    cases = dict(pillow=PIL.__version__, torchvision=torchvision.__version__, decode=[], resize=[], transform=[], golden=[])
    for name, data in decode_cases():
        rgb = np.array(Image.open(io.BytesIO(data)).convert("RGB"))
        cases["decode"].append(dict(name=name, file=pack(data), height=rgb.shape[0], width=rgb.shape[1], rgb=pack(rgb.tobytes())))
    for w, h, ow, oh, box in resize_cases():
        for name, kind in FILTERS.items():
            result = np.array(Image.fromarray(pattern(w, h)).resize((ow, oh), kind, box=box))
            cases["resize"].append(dict(size=[w, h], to=[ow, oh], box=box, filter=name, hash=fnv(result)))
    for w, h, resize, crop in [(50, 37, 32, 28), (37, 50, 32, 28), (41, 33, 29, 24), (33, 41, 30, 30), (20, 90, 16, 24), (90, 20, 16, 25), (48, 48, 48, 48), (30, 200, 12, 12)]:
        for name, kind in MODES.items():
            image = TF.center_crop(TF.resize(Image.fromarray(pattern(w, h)), resize, kind), crop)
            cases["transform"].append(dict(size=[w, h], resize=resize, crop=crop, filter=name, hash=fnv(np.array(image))))
    if len(sys.argv) > 1:
        for case in json.load(open(f"{sys.argv[1]}/cases.json"))["cases"]:
            path = f"{sys.argv[1]}/{case.get('file')}"
            if case["kind"] != "image" or os.path.getsize(path) > 25_000:
                continue
            shutil.copyfile(path, f"{OUT}/{case['file']}")
            data = open(f"{sys.argv[1]}/{case['name']}.safetensors", "rb").read()
            length = struct.unpack("<Q", data[:8])[0]
            tensors = {k: fnv(np.frombuffer(data[8 + length:][slice(*v["data_offsets"])], np.uint8)) for k, v in json.loads(data[8:8 + length]).items() if k != "__metadata__"}
            cases["golden"].append(dict(file=case["file"], mode=case["mode"], box=case["box_top_left_height_width"], hashes=tensors))
    with open(f"{OUT}/pillow.json", "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
    print({k: len(v) for k, v in cases.items() if isinstance(v, list)})


main()
