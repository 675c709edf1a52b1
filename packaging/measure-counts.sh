#!/usr/bin/env bash
# measure-counts.sh [FOLDER] : how often the interval of a count holds the true count, on simulated fields, written to
# resources/models/COUNTS.md, whatever comes out. 40 fields calibrate, 40 others test. What is drawn lies in FOLDER
# (a temporary one), and what lies there is not drawn again. Some forty minutes on two cores.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export POSTERIA_MODELS=$root/resources/models
work=${1:-$(mktemp -d)}
cli=$build/bin/posteria-cli
fields=80 known=40

"$root/packaging/build.sh" release posteria-cli
[ -e "$work/fields/simulation.json" ] ||
    "$cli" simulate --task split --count $fields --size 128x128 --seed 4711 -o "$work/fields"
"$cli" restore "$work"/fields/input_*.ome.tif --model split-filaments-vesicles --severity 0.5 --save mean,samples \
    --resume -o "$work/restored"
for rule in otsu li; do
    for background in 0 8; do
        out=$work/counts/$rule-$background
        summaries=()
        for ((i = 0; i < fields; ++i)); do
            k=$(printf %03d $i)
            options=(--threshold $rule --background $background --min-area 9 --truth "$work/fields/truth_$k.ome.tif")
            [ $i -lt $known ] || options+=(--known "${summaries[@]}")
            "$cli" analyze "$work/restored/input_$k.samples.ome.tif" -o "$out/$k" "${options[@]}" -q
            [ $i -ge $known ] || summaries+=("$out/$k/summary.json")
        done
    done
done
/usr/bin/python3 "$root/packaging/measure_counts.py" "$work/counts" -o "$POSTERIA_MODELS/COUNTS.md"
