#!/usr/bin/env bash
# How a step's time grows with each size, one JSON line a setting; bench-report.py sets the products that the method needs beside it.
#   Scripts/bench-scaling.sh FOLDER       FOLDER holds vptsp-bench
set -euo pipefail
bin=$1
step() { "$bin/vptsp-bench" step "$@"; }

for threads in 1 2; do
    for batch in 8 16 32 64; do step --steps 2 --tag "scaling: batch" --threads $threads --batch $batch --classes 200; done
done
# As memory=low computes: a part of each block once more.
for batch in 128 256; do step --steps 1 --tag "scaling: batch" --batch $batch --classes 200 --micro-batch 16; done
for vit in vit-s16 vit-b16; do
    for threads in 1 2; do step --steps 2 --tag "scaling: network" --vit $vit --threads $threads --batch 16; done
done
for n in 0 5 10 20 40 90; do
    layers=12
    [ $n -gt 0 ] || layers=0
    step --steps 2 --tag "scaling: prompts" --method vpt --prompts $layers,$n --bitfit --batch 16
done
for classes in 100 1000 4000 11318; do
    step --steps 2 --tag "scaling: classes" --classes $classes --batch 16
done
