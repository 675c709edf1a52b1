#!/usr/bin/env bash
# take-screenshots.sh : walks through the tour (Help ▸ Tour) and writes a picture of the window after each
# step into resources/tour, for the README. Some minutes on two cores.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
settings=$(mktemp -d)
trap 'rm -rf "$settings"' EXIT
export POSTERIA_MODELS=$root/resources/models

"$root/packaging/build.sh" release posteria
mkdir -p "$root/resources/tour"
"$root/packaging/with-display.sh" "$build/bin/posteria" --settings "$settings/posteria.ini" \
    --tour-pictures "$root/resources/tour" --exit
rm "$root/resources/tour/8.png"  # what it opens is a window of its own
