#!/usr/bin/env bash
# What Docs/memory.md shows: peak memory and time of `memory=low`, and of class prompts on disk.
#   Scripts/measure-memory.sh BIN [FOLDER]
# BIN holds vptsp and vptsp-bench, built with `-c release`; FOLDER (default: a temporary one) takes pictures and runs: the
# largest bank needs about 1 GiB on a disk that knows sparse files. Needs python3 with Pillow, GNU time and an hour on two cores.
set -eu
bin=$(realpath "$1")
work=${2:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"

echo "== memory=low: ViT-S/16, VPTSP-G, random weights"
"$bin/vptsp-bench" step --batch 64 --steps 3 --micro-batch 16 --beside-kept 16
"$bin/vptsp-bench" step --batch 512 --classes 512 --steps 1 --micro-batch 16

echo "== class prompts: ViT-S/16, AdamW, batch 32, one image of each class, two steps"
pictures() {  # FOLDER CLASSES: a picture of noise for each class to train on
    python3 - "$@" <<'P'
import os, random, sys
from PIL import Image
for split, classes, images in (("train", int(sys.argv[2]), 1), ("test", 4, 2)):
    for label in range(classes):
        folder = f"{sys.argv[1]}/{split}/{split}{label:05d}"
        os.makedirs(folder, exist_ok=True)
        for number in range(images):
            noise = random.Random(f"{split} {label} {number}")
            Image.frombytes("RGB", (8, 8), bytes(noise.randrange(256) for _ in range(192))).resize((64, 64)).save(f"{folder}/{number}.png")
P
}
for case in 100:5 3997:5 11318:5 100:80 3997:80; do
    classes=${case%:*} tokens=${case#*:}
    [ -d "c$classes" ] || pictures "c$classes" "$classes"
    cat > "case.vps" <<S
load vit-s16 weights=random
data folder path="c$classes" split=folders
augment paper
prompts n=10
proxies gru alpha=0.2 layers=12 n=$tokens update=touched
optim adamw lr=1e-4 proxy-lr=0.05
train epochs=1 steps=2 batch=32 per-class=1 name="c$classes-n$tokens"
S
    /usr/bin/time -f "C=$classes, $tokens tokens: %M KiB at most, %e s" "$bin/vptsp" run case.vps
    ls -ls "runs/c$classes-n$tokens/class-prompts.bank"
done
