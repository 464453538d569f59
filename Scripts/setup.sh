#!/usr/bin/env bash
# Installs the Debian packages that vptsp is built against. Quick, and without rights, when nothing is missing.
set -euo pipefail

packages=(
    libreadline-dev libopenblas-dev libdnnl-dev libjpeg-dev libpng-dev libwebp-dev
    libcurl4-openssl-dev libssl-dev zlib1g-dev libsqlite3-dev libhnswlib-dev pkg-config
)

if ! command -v swift >/dev/null; then
    echo "setup: no swift on the PATH; install Swift 6.1 or later from https://www.swift.org/install/linux/" >&2
    exit 1
fi
if ! command -v dpkg-query >/dev/null; then
    echo "setup: not a Debian system; install what these packages hold: ${packages[*]}" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: missing packages, and neither root nor sudo to install them. As root, run:" >&2
        echo "    apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "${missing[@]}"
