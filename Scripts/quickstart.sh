#!/usr/bin/env bash
# From a fresh clone to a trained model: installs what is missing, builds, trains on the embedded glyphs, prints the table.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/setup.sh
swift build -c release --product vptsp
.build/release/vptsp run Scripts/quickstart.vps "$@"

echo
echo "Trained models and their records: $PWD/Scripts/runs/"
pictures=$(find Scripts -maxdepth 1 -name '*.png')
[ -z "$pictures" ] || echo "Retrieval picture: $PWD/$pictures"
echo "Type the same commands yourself: .build/release/vptsp"
