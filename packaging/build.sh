#!/usr/bin/env bash
# build.sh [PRESET [TARGET…]] : installs what is missing, configures and builds. PRESET is "release"
# unless given; the build lies in build/release, or in $POSTERIA_BUILD.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
preset=${1:-release}
shift || true
targets=("${@:-all}")

# A unit that includes LibTorch takes some 1.2 GB to compile.
jobs=$(nproc)
memory=$(awk '/^MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo)
[ "$jobs" -le "$memory" ] || jobs=$((memory > 1 ? memory : 1))

step "Looking for missing packages" "$root/packaging/install-deps.sh"
cd "$root"
step "Configuring in $build" cmake --preset "$preset" -B "$build" --log-level=WARNING
step "Building with $jobs jobs" cmake --build "$build" -j "$jobs" --target "${targets[@]}"
