#!/usr/bin/env bash
# run.sh [ARGUMENT…] : builds what is not built yet and starts posteria with the arguments; without any,
# on the bundled sample with the bundled model. Where there is no display, posteria-cli does the same job.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
sample=$root/resources/samples/filaments-vesicles.ome.tif
model=$root/resources/models/split-filaments-vesicles.posteria
output=$build/restored

"$root/packaging/build.sh" release posteria posteria-cli
[ $# -gt 0 ] || set -- "$sample" --model "$model" --restore

# Who asks for a picture of the window, or its version, gets it without a display too.
if has_display || [[ " $* " =~ \ --(screenshot|benchmark|version|help)\  ]]; then
    exec "$root/packaging/with-display.sh" "$build/bin/posteria" "$@"
fi

echo "No display here: posteria-cli restores instead of opening a window."
arguments=()
for argument in "$@"; do
    [ "$argument" = --restore ] || arguments+=("$argument")
done
[[ " $* " == *" --model "* ]] || arguments+=(--model "$model")
"$build/bin/posteria-cli" restore "${arguments[@]}" -o "$output"
echo "The pictures lie in $output:"
ls "$output"
