"""Writes as a page, Markdown, how often intervals of counts held the true count. Called by measure-counts.sh."""

import argparse
import json
import pathlib

HEAD = """# How far counts can be trusted

Made by `packaging/measure-counts.sh`; not to be edited.

80 simulated fields of 128 x 128 pixels, filaments and vesicles in equal parts (severity 0.5, known), 300 photons, split by
`split-filaments-vesicles` (16 samples, its default sampler). `posteria-cli analyze --min-area 9` counts in every sample,
and in the truth by the same rules: that is the true count. 40 fields are the `--known` ones, the figures are of the other 40.
The samples' own interval of 16 is their range; it would hold 88 % or more if the samples were right. A share of 40 fields
has a standard error of up to 8 points (5 at 90 %).

| channel | threshold | background | true count | held by the samples' interval | width | held, calibrated (90 %) | width | samples' mean off by | mean image off by |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def average(values):
    values = list(values)
    return sum(values) / len(values)


def row(folder, channel):
    entries = [json.loads(path.read_text())["planes"][0]["channels"][channel]
               for path in sorted(folder.glob("*/summary.json"))]
    entries = [entry for entry in entries if "calibrated" in entry["count"]]
    rule, background = folder.name.split("-")
    off = [average(e["count"]["mean"] - e["truth"]["count"] for e in entries),
           average(e["count_of_mean"] - e["truth"]["count"] for e in entries)]
    held = [100 * average(e["truth"][key] for e in entries) for key in ("count_inside", "count_inside_calibrated")]
    widths = [average(i["high"] - i["low"] for i in intervals)
              for intervals in ([e["count"] for e in entries], [e["count"]["calibrated"] for e in entries])]
    cells = [entries[0]["name"], rule, "kept" if background == "0" else f"radius {background}",
             f"{average(e['truth']['count'] for e in entries):.1f}", f"{held[0]:.1f} %", f"{widths[0]:.1f}",
             f"{held[1]:.1f} %", f"{widths[1]:.1f}", f"{off[0]:+.1f}", f"{off[1]:+.1f}"]
    return "| " + " | ".join(cells) + " |\n"


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
arguments = parser.parse_args()
folders = sorted(arguments.folder.iterdir(), reverse=True)
page = HEAD + "".join(row(folder, channel) for channel in (1, 0) for folder in folders)
arguments.output.write_text(page)
