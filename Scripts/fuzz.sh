#!/usr/bin/env bash
# Fuzzes lexer, parser, printer, analysis and completion: Scripts/fuzz.sh [SECONDS] [FOLDER].
# Coverage-guided (libFuzzer with AddressSanitizer), from the kept corpus, the catalogue's examples and sentences of the grammar.
# What it finds lies in FOLDER/found, the corpus that it grew in FOLDER/corpus; both are kept between calls.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
folder=$(realpath -m "${2:-.build/fuzz}")
scratch=${VPTSP_FUZZ_SCRATCH:-.build/fuzz-build}
mkdir -p "$folder/corpus" "$folder/found"

VPTSP_FUZZ=1 swift build -c release --scratch-path "$scratch" --product fuzz-vps \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library -Xlinker -lstdc++
program=$(VPTSP_FUZZ=1 swift build -c release --scratch-path "$scratch" --show-bin-path)/fuzz-vps

# What globals and the Swift runtime hold to the end would be taken for leaks.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=2:quarantine_size_mb=16 SWIFT_BACKTRACE=enable=no
"$program" --seeds "$folder/corpus"
exec "$program" -max_total_time="$seconds" -max_len=4096 -timeout=86400 -report_slow_units=5 -rss_limit_mb=2048 \
    -artifact_prefix="$folder/found/" -print_final_stats=1 -verbosity=1 "$folder/corpus"
