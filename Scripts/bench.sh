#!/usr/bin/env bash
# What Docs/performance.md shows: vptsp and its peers, by turns in one run.
#   Scripts/bench.sh [--bin FOLDER] [--venv FOLDER] [--rounds N] [--log FILE] [--write] [section ...]
# Sections: step eval prompts memory profile kernels recall decode language scaling; all of them unless some are named (40 minutes on two
# quiet cores). Prints the tables; --write puts them into Docs/performance.md. One JSON line a measurement goes to the log, and a
# log that exists is added to, so that sections can be run one by one.
# --bin holds vptsp and vptsp-bench (default: .build/release, built first). --venv is where the peers live (default:
# ~/.cache/vptsp/peers): it is made, and torch, timm, torchvision and faiss-cpu are installed into it, when it is not there; for `decode`
# Pillow-SIMD is built below it.
set -euo pipefail
cd "$(dirname "$0")/.."

bin= venv=${XDG_CACHE_HOME:-$HOME/.cache}/vptsp/peers rounds=3 log= write=() sections=()
while [ $# -gt 0 ]; do
    case $1 in
    --bin) bin=$2; shift 2 ;;
    --venv) venv=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    --log) log=$2; shift 2 ;;
    --write) write=(--write Docs/performance.md); shift ;;
    -*) echo "bench: unknown option $1; see the first lines of $0" >&2; exit 64 ;;
    *) sections+=("$1"); shift ;;
    esac
done
all="step eval prompts memory profile kernels recall decode language scaling"
[ ${#sections[@]} -gt 0 ] || read -ra sections <<< "$all"
for section in "${sections[@]}"; do
    case " $all " in *" $section "*) ;; *) echo "bench: unknown section $section; there are: $all" >&2; exit 64 ;; esac
done
if [ -z "$bin" ]; then
    swift build -c release
    bin=.build/release
fi
if [ ! -x "$venv/bin/python" ]; then
    echo "bench: making $venv and installing the peers into it" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet torch timm torchvision faiss-cpu
fi
for name in OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; do
    [ -z "${!name:-}" ] || echo "bench: $name=${!name} is left aside: vptsp and faiss are to have the kernels that fit the processor" >&2
    unset "$name"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=${log:-$work/log.jsonl}

keep() { tee -a "$log"; }
ours() { # what fails is told and leaves its place in the tables empty
    "$bin/vptsp-bench" "$@" | keep || echo "bench: vptsp-bench $* failed" >&2
}
on_tiles() { # where the processor has them
    ! grep -q amx_int8 /proc/cpuinfo || ours "$@" --library tiles
}
peer() {
    "$venv/bin/python" Scripts/peer.py "$@" | keep || echo "bench: peer.py $* failed" >&2
}
simd=$venv/pillow-simd # of the name PIL too: who puts it first in the path gets it
if [[ " ${sections[*]} " == *" decode "* ]] && [ ! -d "$simd/PIL" ]; then
    CC="${CC:-cc} -mavx2" "$venv/bin/pip" install --quiet --no-deps --target "$simd" pillow-simd ||
        echo "bench: no Pillow-SIMD: it needs a C compiler and the headers of libjpeg and zlib, and AVX2" >&2
fi
"$venv/bin/python" Scripts/bench-report.py --machine | keep

as_trained=(--micro-batch 16 --keep-activations) # what `train` does unless told otherwise
step() {
    for ((round = 0; round < rounds; round++)); do # by turns, so that a busy minute hits all
        ours step --tag step --steps 3 "${as_trained[@]}"
        peer step --steps 3
        ours step --tag step --steps 3 "${as_trained[@]}" --library onednn
        on_tiles step --tag step --steps 3 "${as_trained[@]}"
        ours step --tag step --steps 3 "${as_trained[@]}" --precision bf16
        peer step --steps 3 --precision bf16
    done
}
evaluation() {
    for ((round = 0; round < rounds; round++)); do
        ours eval --tag eval
        peer eval
        ours eval --tag eval --library onednn
        on_tiles eval --tag eval
        ours eval --tag eval --precision bf16
        peer eval --precision bf16
    done
}
prompts() { # the recipe of Stanford Online Products, with classes of a size that both can hold densely
    local recipe=(--prompts 12,90 --class-prompts 12,5 --per-class 1 --steps 2)
    for ((round = 0; round < rounds; round++)); do
        ours step --tag prompts "${recipe[@]}" "${as_trained[@]}"
        peer step "${recipe[@]}"
        on_tiles step --tag prompts "${recipe[@]}" "${as_trained[@]}"
        ours step --tag prompts "${recipe[@]}" "${as_trained[@]}" --precision bf16
        peer step "${recipe[@]}" --precision bf16
    done
}
memory() {
    local low=(--micro-batch 16 --tag memory)
    way() { # each step beside one that keeps all activations, in one process; then a large batch, and what keeping all holds
        local run=$1
        shift
        for ((round = 0; round < rounds; round++)); do "$run" step "${low[@]}" --batch 64 --steps 3 "$@" --beside-kept 16; done
        "$run" step "${low[@]}" --batch 256 --classes 256 --steps 1 "$@"
        "$run" step "${low[@]}" --batch 64 --steps 1 "$@" --keep-activations
    }
    way ours
    way ours --library onednn
    way on_tiles
    way ours --precision bf16
}
profile() {
    ours profile
    on_tiles profile
    ours profile --precision bf16
}
kernels() {
    for threads in 1 2; do
        for library in openblas onednn; do ours kernels --threads $threads --library $library; done
        on_tiles kernels --threads $threads
        ours kernels --threads $threads --precision bf16
    done
}
recall() {
    for depth in 10 1000; do
        ours recall --depth $depth --runs 1 --save "$work/rows" >&2 # the data, and a warm machine; the line is kept with the others
        for ((round = 0; round < rounds; round++)); do
            ours recall --depth $depth --runs 1
            peer recall "$work/rows" --depth $depth --runs 1
        done
    done
}
decode() {
    "$venv/bin/python" Scripts/bench-pictures.py "$work/pictures"
    for ((round = 0; round < rounds; round++)); do
        ours decode "$work/pictures"
        peer decode "$work/pictures"
        [ ! -d "$simd/PIL" ] || PYTHONPATH=$simd peer decode "$work/pictures"
    done
    ours decode "$work/pictures" --threads 2
}
language() { ours parse; ours startup --program "$bin/vptsp"; }
scaling() { Scripts/bench-scaling.sh "$bin" | keep; }

for section in "${sections[@]}"; do
    echo "== $section" >&2
    case $section in
    eval) evaluation ;;
    *) $section ;;
    esac
done
"$venv/bin/python" Scripts/bench-report.py "$log" "${write[@]}"
