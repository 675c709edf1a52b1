#!/usr/bin/env python3
"""Writes objects_fixture.h: what scikit-image says about blobs on an uneven background.

The images are made of whole numbers, so that objects_images.h makes exactly the same ones.
Run: python3 make_objects_fixture.py > objects_fixture.h   (numpy, scipy, scikit-image)
"""
import numpy as np
import scipy.ndimage
import skimage
from skimage.filters import gaussian, threshold_li, threshold_otsu, threshold_triangle
from skimage.measure import label, manders_coloc_coeff, pearson_corr_coeff, regionprops
from skimage.morphology import h_maxima, remove_small_objects, white_tophat
from skimage.segmentation import watershed

HEIGHT, WIDTH = 96, 120
# x, y, radius, brightness; the second and third rows are pairs that touch
BLOBS = [(14, 12, 7, 200), (50, 10, 5, 120), (100, 16, 9, 260), (30, 84, 4, 90), (112, 88, 6, 150),
         (20, 48, 8, 220), (33, 50, 8, 200),
         (70, 55, 10, 240), (86, 60, 8, 210), (80, 72, 9, 190),
         (55, 82, 2, 200), (104, 44, 2, 60)]


def image(shift):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.int64)
    noise = (x * 7919 + y * 104729 + shift * 611953 + x * y * 31) % 1009 % 9
    value = 30 + x // 2 + y // 3 + noise
    for cx, cy, r, bright in BLOBS:
        cx = cx + shift
        d = (x - cx) ** 2 + (y - cy) ** 2
        value = np.maximum(value, 30 + x // 2 + y // 3 + noise + bright * np.maximum(0, r * r - d) // (r * r))
    return value.astype(np.float32)


def segmented(plane, split, depth=0.75, min_area=20):
    smooth = gaussian(plane, 1.5, mode="reflect", truncate=4, preserve_range=True)
    flat = white_tophat(smooth, np.ones((31, 31)))
    threshold = threshold_otsu(flat, nbins=256)
    assert np.abs(flat - threshold).min() > 1e-4, "a pixel lies too near to the threshold"
    mask = flat > threshold
    if split:
        distance = scipy.ndimage.distance_transform_edt(mask)
        markers = label(h_maxima(distance, depth), connectivity=2)
        labels = watershed(-distance, markers, mask=mask, connectivity=2)
    else:
        labels = label(mask, connectivity=2)
    return threshold, remove_small_objects(labels, max_size=min_area - 1)


def array(name, rows):
    body = ",\n    ".join("{" + ", ".join(f"{float(v):.12g}" for v in row) + "}" for row in rows)
    print(f"inline constexpr double {name}[][{len(rows[0])}] = {{\n    {body}}};")


def emit(name, value):
    print(f"inline constexpr double {name} = {float(value):.15g};")


a, b = image(0), image(3)
print(f"// Made by make_objects_fixture.py with numpy {np.__version__}, scikit-image {skimage.__version__}.")
print("#pragma once\n\nnamespace fixture {\n")
for name, plane in (("", a), ("Turned", 500 - a)):
    emit(f"kLi{name}", threshold_li(plane.astype(np.float64), tolerance=1e-6 * np.ptp(plane)))
    emit(f"kTriangle{name}", threshold_triangle(plane.astype(np.float64), nbins=256))
for name, split in (("Whole", False), ("Parted", True)):
    threshold, labels = segmented(a, split)
    emit(f"kThreshold{name}", threshold)
    print("// area, x, y, mean grey value")
    rows = [(r.area, r.centroid[1], r.centroid[0], r.intensity_mean) for r in regionprops(labels, a)]
    array(f"k{name}", rows)
masks = segmented(a, True)[1] > 0, segmented(b, True)[1] > 0
emit("kPearson", pearson_corr_coeff(a, b)[0])
emit("kManders1", manders_coloc_coeff(a, masks[1], mask=masks[0]))
emit("kManders2", manders_coloc_coeff(b, masks[0], mask=masks[1]))
print("\n}  // namespace fixture")
