#!/usr/bin/env bash
# measure-real-pixels.sh : restores recorded images whose clean channels are known with the bundled models and
# writes resources/models/REAL_PIXELS.md, whatever comes out. Needs the images of POSTERIA_SHARED_DATA
# (../shared/data). Some ten minutes on two cores.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export POSTERIA_MODELS=$root/resources/models
data=${POSTERIA_SHARED_DATA:-$root/../shared/data}
[ -d "$data/real" ] || { echo "No recorded images in $data; name their folder in POSTERIA_SHARED_DATA." >&2; exit 2; }

"$root/packaging/build.sh" release posteria-cli
/usr/bin/python3 "$root/packaging/measure_real_pixels.py" --cli "$build/bin/posteria-cli" --data "$data/real" \
    -o "$POSTERIA_MODELS/REAL_PIXELS.md"
