"""Restores recorded images whose clean channels are known and writes the figures as a page, Markdown.

Called by measure-real-pixels.sh. Recorded channels of one specimen are added and split again; the light of two
dyes, each recorded alone, is added as one detector would see it; widefield microtubules are compared with
structured illumination of the same field. PSNR is range-invariant: scale and offset are forgiven, for no two of
these recordings share them.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile
import zipfile

import numpy
import tifffile

SAMPLES = 16

# (first, second): file, channel; the one that looks more like filaments first, as the model's outputs are.
CELL = "cell_dna_microtubules_actin_3ch_u16.tif"
HELA = "hela_lyso_mito_nuclei_3ch_rgb48.tif"
PAIRS = [
    ("microtubules + actin", (CELL, 1), (CELL, 2)),
    ("microtubules + DNA", (CELL, 1), (CELL, 0)),
    ("membranes + nuclei", ("membranes_nuclei_2ch_u8.tif", 0), ("membranes_nuclei_2ch_u8.tif", 1)),
    ("Golgi + nuclei", ("nuclei_golgi_2ch_u16.tif", 1), ("nuclei_golgi_2ch_u16.tif", 0)),
    ("actin + DNA", ("human_ht29_actin_512_u8.tif", 0), ("human_ht29_dna_512_u8.tif", 0)),
    ("mitochondria + lysosomes", (HELA, 1), (HELA, 0)),
]
# Dye wanted, dye that bleeds, detection channel of the 28.
CROSSTALK = [
    ("mitotracker", "lysotracker_green", 16),
    ("mitotracker", "golgi", 16),
    ("golgi", "lysotracker_green", 12),
]


class Bench:
    def __init__(self, cli, data, folder):
        self.cli, self.data, self.folder = cli, data, folder

    def run(self, *arguments):
        return subprocess.run(
            [self.cli, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def channel(self, file, index):
        planes = tifffile.imread(self.data / file)
        if planes.ndim == 3 and planes.shape[-1] == 3:
            planes = numpy.moveaxis(planes, -1, 0)
        return numpy.atleast_3d(planes.T).T[index].astype(numpy.float32)

    def write(self, name, planes, pixel_um):
        planes = numpy.stack(planes)
        metadata = {
            "axes": "CYX",
            "PhysicalSizeX": pixel_um,
            "PhysicalSizeXUnit": "µm",
            "PhysicalSizeY": pixel_um,
            "PhysicalSizeYUnit": "µm",
        }
        path = self.folder / name
        tifffile.imwrite(path, planes.astype(numpy.float32), ome=True, metadata=metadata)
        return path

    def pixel_um(self, file, otherwise=0.13):
        voxel = json.loads(self.run("info", "--json", self.data / file))["series"][0]["voxel_size"]
        return voxel["x"] if voxel else otherwise

    def restore(self, image, model, *options):
        out = self.folder / "out"
        self.run("restore", image, "--model", model, "-o", out, "--quiet", *options)
        stem = image.name[: -len(".ome.tif")]
        return out / f"{stem}.mean.ome.tif", json.loads((out / f"{stem}.report.json").read_text())

    def ri_psnr(self, estimate, truth):
        figures = json.loads(self.run("evaluate", "--json", "--estimate", estimate, "--truth", truth))
        return [channel["ri_psnr"] for channel in figures["per_channel"]]


def dark_off(plane):
    return plane - numpy.percentile(plane, 1)


def of_equal_brightness(plane):
    plane = dark_off(plane)
    return plane * (1000 / max(numpy.percentile(plane, 99.9), 1e-6))


def figure(values):
    return " / ".join(f"{value:.1f}" for value in values)


class Page:
    def __init__(self):
        self.lines, self.harmed, self.warned_of_harm, self.rows = [], 0, 0, 0

    def table(self, *columns):
        self.lines += ["", "| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]

    def row(self, what, before, estimates, report):
        """estimates: the one-shot answer's figures, then the mean's, one a channel."""
        distance = report["input_distance"]  # None: too small to be compared
        warned = distance is not None and distance > 1
        harmed = any(mean < start for mean, start in zip(estimates[-1], before))
        self.rows += 1
        self.harmed += harmed
        self.warned_of_harm += harmed and warned
        severity = ", ".join(f"{t:.2f}" for t in report["severity"])
        cells = [what, figure(before), *map(figure, estimates), severity, "–" if distance is None else f"{distance:.1f}"]
        cells += ["yes" if warned else "no", "worse" if harmed else "better"]
        self.lines.append("| " + " | ".join(cells) + " |")


def both(bench, image, truth, model, *options):
    oneshot, _ = bench.restore(image, model, "--sampler", "oneshot", *options)
    at_once = bench.ri_psnr(oneshot, truth)
    mean, report = bench.restore(image, model, "--samples", SAMPLES, *options)
    return [at_once, bench.ri_psnr(mean, truth)], report


def mixture(bench, page, name, planes, pixel, model):
    truth = bench.write("truth.ome.tif", planes, pixel)
    image = bench.write("sum.ome.tif", [planes[0] + planes[1]], pixel)
    doubled = bench.write("doubled.ome.tif", [planes[0] + planes[1]] * 2, pixel)
    estimates, report = both(bench, image, truth, model)
    page.row(name, bench.ri_psnr(doubled, truth), estimates, report)


def split(bench, page):
    page.lines += ["", "## Two structures added, split again", ""]
    page.lines += [
        "Two channels of one recording, dark level off, scaled to one brightness and added; `split-filaments-vesicles`, "
        "severity estimated. Both channels, in the order of the name."
    ]
    page.table("pair", "the sum", "one-shot", f"mean of {SAMPLES}", "severity", "unlikeness", "warned", "mean is")
    for name, first, second in PAIRS:
        planes = [of_equal_brightness(bench.channel(*one)) for one in (first, second)]
        mixture(bench, page, name, planes, bench.pixel_um(first[0]), "split-filaments-vesicles")


def crosstalk(bench, page):
    page.lines += ["", "## A second dye's light", ""]
    page.lines += [
        "Each dye was recorded alone by 28 detectors; what one detector saw of the two is added, at the strength "
        "measured. `bleedthrough-two-dyes`, severity estimated; the wanted dye and the other's light."
    ]
    page.table("wanted + other, detector", "the sum", "one-shot", f"mean of {SAMPLES}", "severity", "unlikeness", "warned", "mean is")
    with zipfile.ZipFile(bench.data / "spectral_singledyes_5x28ch_lsm.zip") as archive:
        archive.extractall(bench.folder)
    for wanted, other, detector in CROSSTALK:
        files = [bench.folder / f"spectral_singledye_{dye}_28ch.lsm" for dye in (wanted, other)]
        planes = [bench.channel(file, detector) for file in files]
        name = f"{wanted} + {other}, {detector}"
        mixture(bench, page, name, planes, bench.pixel_um(files[0]), "bleedthrough-two-dyes")


def binned(plane):
    height, width = (side // 2 * 2 for side in plane.shape)
    return plane[:height, :width].reshape(height // 2, 2, width // 2, 2).mean((1, 3))


def richardson_lucy(image, sigma, iterations):
    """Every estimate of the image under a Gaussian blur of sigma pixels (after Zhang et al. 2007, 0.21 wavelengths
    over the numerical aperture), edges wrapped round."""
    frequencies = [numpy.fft.fftfreq(side) for side in image.shape]
    square = frequencies[0][:, None] ** 2 + frequencies[1][None, :] ** 2
    transfer = numpy.exp(-2 * (numpy.pi * sigma) ** 2 * square)

    def blurred(plane):
        return numpy.fft.ifft2(numpy.fft.fft2(plane) * transfer).real

    image = numpy.maximum(image, 1e-6)
    estimate = numpy.full_like(image, image.mean())
    for _ in range(iterations):
        estimate = estimate * numpy.maximum(blurred(image / numpy.maximum(blurred(estimate), 1e-3 * image.mean())), 0)
        yield estimate


def dehaze(bench, page):
    page.lines += ["", "## Widefield against structured illumination", ""]
    page.lines += [
        "Microtubules, widefield, one field; the truth is structured illumination of the same field. "
        "`dehaze-filaments`, severity estimated. Pixels of 0.0626 µm, and 2 x 2 of them binned, which is near the "
        "0.13 µm of training."
    ]
    page.table(
        "image", "widefield", "Richardson-Lucy, stopped at its best of 40", "one-shot", f"mean of {SAMPLES}",
        "severity", "unlikeness", "warned", "mean is",
    )
    wide = bench.channel("biosr_microtubules_widefield_502_f64.tif", 0)
    sharp = bench.channel("biosr_microtubules_simGT_502_f64.tif", 0)
    for name, change, pixel in (("as recorded", lambda p: p, 0.0626), ("binned", binned, 0.1252)):
        truth = bench.write("truth.ome.tif", [change(sharp)], pixel)
        image = bench.write("wide.ome.tif", [dark_off(change(wide)) * 20], pixel)
        classical = [
            bench.ri_psnr(bench.write("deconvolved.ome.tif", [estimate], pixel), truth)[0]
            for estimate in richardson_lucy(dark_off(change(wide)), 0.21 * 0.525 / 1.3 / pixel, 40)
        ]
        estimates, report = both(bench, image, truth, "dehaze-filaments")
        page.row(name, bench.ri_psnr(image, truth), [[max(classical)], *estimates], report)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("-o", "--output", required=True, type=pathlib.Path)
    options = parser.parse_args()
    page = Page()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.cli, options.data, pathlib.Path(folder))
        for measure in (split, crosstalk, dehaze):
            measure(bench, page)
    head = [
        "# What the models do with recorded images",
        "",
        "Made by `packaging/measure-real-pixels.sh`; not to be edited. Every model was trained on simulated images "
        "alone. PSNR in dB, range-invariant: scale and offset are forgiven. Unlikeness is the distance to the training "
        "images; beyond 1 a warning is given.",
        "",
        f"Of {page.rows} images the mean is worse than the image itself, in one channel at least, in {page.harmed}; "
        f"of these a warning was given for {page.warned_of_harm}.",
    ]
    options.output.write_text("\n".join(head + page.lines) + "\n", encoding="utf-8")


main()
