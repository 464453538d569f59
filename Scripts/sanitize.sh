#!/usr/bin/env bash
# Tests under a sanitizer, in a debug build of their own (some minutes on two cores).
#   Scripts/sanitize.sh thread|address [FILTER]
# FILTER is that of `swift test`; without one it is what runs on several threads, or what reads bytes of others.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-}
case $kind in
thread) filter=${2:-'TensorEngineTests|MicroBatch|BatchQueueTests|BatchLoader|CropCache|TrainingTests'} ;;
address) filter=${2:-'TensorFilesTests|ImageDataTests|VPSSyntaxTests|WeightFile'} ;;
*) echo "sanitize: $0 thread|address [FILTER]" >&2; exit 64 ;;
esac
# Swift's own Mutex locks inside the standard library, where ThreadSanitizer does not see it: what these guard would be reported.
suppressions=$(mktemp)
trap 'rm -f "$suppressions"' EXIT
echo 'race_top:StoragePool' > "$suppressions"
export TSAN_OPTIONS="suppressions=$suppressions exitcode=66 ${TSAN_OPTIONS:-}" ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS:-}"
swift test --no-parallel --sanitize="$kind" --scratch-path ".build-$kind" --filter "$filter"
