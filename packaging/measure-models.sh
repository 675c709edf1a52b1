#!/usr/bin/env bash
# measure-models.sh [MODEL.posteria…] : calibrates and measures the bundled models (all, or those given) on
# simulated held-out images and writes resources/models/QUALITY.md. Some twenty minutes a model on two cores.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
models=$root/resources/models
export POSTERIA_MODELS=$models

"$root/packaging/build.sh" release posteria-cli
[ $# -gt 0 ] || set -- "$models"/*.posteria
for model in "$@"; do
    "$build/bin/posteria-cli" measure "$model" --only inputs severity posterior blur cost trust
done
"$build/bin/posteria-cli" models page "$models"/*.posteria -o "$models/QUALITY.md"
