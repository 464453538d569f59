#!/usr/bin/env bash
# Everything that has to hold: build, all tests, generated files fresh, the quickstart on the embedded data.
set -euo pipefail
cd "$(dirname "$0")/.."

step=
trap '[ $? -eq 0 ] || echo "test: failed at: $step" >&2' EXIT
begin() {
    step=$1
    echo "== $step"
}

begin "system packages"
Scripts/setup.sh

begin "release build, tests included"
swift build -c release --build-tests

begin "tests"
swift test -c release --no-parallel --skip-build

begin "generated files are fresh"
.build/release/generate-vptsp --check

begin "scripts are formatted and check"
.build/release/vptsp fmt --check Scripts/*.vps Scripts/paper/*.vps
.build/release/vptsp check Scripts/*.vps Scripts/paper/*.vps

begin "quickstart on the embedded data"
.build/release/vptsp run Scripts/quickstart.vps

echo "== all passed"
