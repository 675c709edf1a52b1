#!/usr/bin/env python3
"""Writes metrics_fixture.h: what numpy, scipy and scikit-image say about two small images.

The images are made of whole numbers, so that tst_metrics.cpp makes exactly the same ones.
Run: python3 make_metrics_fixture.py > metrics_fixture.h   (numpy, scipy, scikit-image)
"""
import numpy as np
import scipy.ndimage
import scipy.optimize
import skimage
from skimage.filters import threshold_otsu
from skimage.metrics import (normalized_root_mse, peak_signal_noise_ratio,
                             structural_similarity)


def images(height, width, plane):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    noise = (x * 7919 + y * 104729 + plane * 611953 + x * y * 31) % 1009
    truth = 40 + (x * x + 3 * y * y + 50 * plane) // 64 % 200 + noise % 17
    estimate = truth * 3 // 4 + 20 + noise % 31
    return estimate.astype(np.float32), truth.astype(np.float32)


def ri_psnr(estimate, truth):
    deviation = np.std(truth, ddof=1)
    g = (truth - truth.mean()) / deviation
    p = estimate - estimate.mean()
    a = (g * p).sum() / (p * p).sum()
    return 20 * np.log10(np.ptp(truth) / deviation / np.sqrt(np.mean((g - a * p) ** 2)))


def local(image):
    return scipy.ndimage.gaussian_filter(image, 1.5, truncate=3.5, mode="reflect")


def inner(image):
    return image[5:-5, 5:-5]


def terms(x, y, norm):
    ux, uy = local(x), local(y)
    return [inner(f) for f in (ux, uy, norm * (local(x * x) - ux * ux), norm * (local(y * y) - uy * uy),
                               norm * (local(x * y) - ux * uy))]


def ms_ssim(estimate, truth, scales, data_range=None):
    weights = np.array((0.0448, 0.2856, 0.3001, 0.2363, 0.1333))[:scales]
    weights /= weights.sum()
    data_range = data_range or np.ptp(truth)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    x, y, product = truth, estimate, 1.0
    for i, weight in enumerate(weights):
        ux, uy, vx, vy, vxy = terms(x, y, 1.0)
        structure = (2 * vxy + c2) / (vx + vy + c2)
        luminance = (2 * ux * uy + c1) / (ux ** 2 + uy ** 2 + c1)
        product *= np.mean(structure * luminance if i == scales - 1 else structure) ** weight
        h, w = x.shape[0] // 2, x.shape[1] // 2
        x, y = (f[:2 * h, :2 * w].reshape(h, 2, w, 2).mean((1, 3)) for f in (x, y))
    return product


def micro_ssim(estimate, truth):
    """estimate, truth: (planes, y, x)"""
    g, p = truth - np.percentile(truth, 3), estimate - np.percentile(estimate, 3)
    largest = g.max()
    g, p = g / largest, p / largest
    data_range = np.ptp(g)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    fields = [terms(a, b, 121 / 120) for a, b in zip(g, p)]

    def mean(a):
        return np.mean([np.mean((2 * a * ux * uy + c1) * (2 * a * vxy + c2)
                                / ((ux ** 2 + a ** 2 * uy ** 2 + c1) * (vx + a ** 2 * vy + c2)))
                        for ux, uy, vx, vy, vxy in fields])
    best = scipy.optimize.minimize(lambda a: -mean(a[0]), 1.0, tol=1e-12).x[0]
    scales = 3  # that 90 x 75 pixels leave 11 of
    multi = np.mean([ms_ssim(best * b, a, scales, data_range) for a, b in zip(g, p)])
    return mean(best), multi, best


def spectrum(plane, bands=32):
    h, w = plane.shape
    window = np.outer(*(0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n) + 0.5) / n) for n in (h, w)))
    rows, columns = (1 << (n - 1).bit_length() for n in (h, w))
    power = np.abs(np.fft.fft2((plane - plane.mean()) * window, (rows, columns))) ** 2
    radius = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.fftfreq(columns)[None, :])
    band = (radius * 2 * bands).astype(int)
    return [power[band == b].mean() / (window ** 2).sum() for b in range(bands)]


def emit(name, value):
    print(f"inline constexpr double {name} = {float(value):.15g};")


planes = [images(90, 75, plane) for plane in range(2)]
e, t = (np.stack(side).astype(np.float64) for side in zip(*planes))
data_range = np.ptp(t)
print(f"// Made by make_metrics_fixture.py with numpy {np.__version__}, scikit-image {skimage.__version__}.")
print("#pragma once\n\nnamespace fixture {\n")
emit("kPsnr", peak_signal_noise_ratio(t, e, data_range=data_range))
emit("kRiPsnr", ri_psnr(e, t))
emit("kNrmse", normalized_root_mse(t, e))
for name, flag in (("kSsimSample", True), ("kSsimPopulation", False)):
    emit(name, structural_similarity(t[0], e[0], data_range=data_range, gaussian_weights=True, sigma=1.5,
                                     use_sample_covariance=flag))
value, multi, scale = micro_ssim(e, t)
emit("kMicroSsim", value)
emit("kMicroMs3im", multi)
emit("kMicroSsimScale", scale)
emit("kOtsuTruth", threshold_otsu(t, nbins=256))
emit("kOtsuEstimate", threshold_otsu(e, nbins=256))
masks = e > threshold_otsu(e, nbins=256), t > threshold_otsu(t, nbins=256)
emit("kDice", 2 * (masks[0] & masks[1]).sum() / (masks[0].sum() + masks[1].sum()))
big_e, big_t = (f.astype(np.float64) for f in images(181, 200, 0))
emit("kMsSsimFive", ms_ssim(big_e, big_t, 5))
emit("kMsSsimThree", ms_ssim(e[0], t[0], 3))
power = np.mean([spectrum(plane) for plane in t], 0)
ratio = np.mean([spectrum(plane) for plane in e], 0) / power
print(f"inline constexpr double kPower[] = {{{', '.join(f'{v:.12g}' for v in power)}}};")
print(f"inline constexpr double kPowerRatio[] = {{{', '.join(f'{v:.12g}' for v in ratio)}}};")
print("\n}  // namespace fixture")
