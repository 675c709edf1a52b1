#!/usr/bin/env python3
"""Writes diffraction_fixture.h: point spread functions by brute force, for tst_diffraction.cpp.

Every value is a sum over plane waves, each with its own polarisation, refracted through the layers: no
Bessel functions and no reduction to radial integrals. Angles by Simpson's rule, azimuths by the trapezoidal.
Run: python3 make_diffraction_fixture.py > diffraction_fixture.h   (numpy alone, some minutes)
"""
import numpy as np


def simpson(start, end, intervals):
    nodes = np.linspace(start, end, intervals + 1)
    weights = np.ones(intervals + 1)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return nodes, weights * (end - start) / intervals / 3


def cosine(n_from, n_to, theta):
    """Snell's law; imaginary beyond the critical angle, so that the wave fades."""
    return np.sqrt(1 - (n_from / n_to * np.sin(theta)) ** 2 + 0j)


class Lens:
    def __init__(self, vectorial, na, wavelength, n_i=1.515, n_s=1.47, depth=0.0, n_g=1.515, cover_error=0.0,
                 index_error=0.0, intervals=600, azimuths=160):
        alpha, k = np.arcsin(na / n_i), 2 * np.pi / wavelength
        critical = np.arcsin(n_s / n_i) if n_s < na else alpha
        parts = [simpson(0, critical, intervals)] + ([simpson(critical, alpha, intervals)] if n_s < na else [])
        theta, weight = (np.concatenate(part)[:, None] for part in zip(*parts))
        phi = (np.arange(azimuths) + 0.5)[None, :] * 2 * np.pi / azimuths
        cos_g, cos_s = cosine(n_i, n_g, theta), cosine(n_i, n_s, theta)
        n_design = n_i - index_error
        thickness = 150 * n_i / n_design - n_i * cover_error / n_g - n_i * depth / n_s
        self.path = (depth * n_s * cos_s + cover_error * n_g * cos_g + thickness * n_i * np.cos(theta)
                     - 150 * n_design * cosine(n_i, n_design, theta))
        self.k, self.axial = k, n_i * np.cos(theta)
        self.qx = k * n_i * np.sin(theta) * np.cos(phi)
        area = k ** 2 * n_i ** 2 * np.sin(theta) * np.cos(theta)  # d^2 q over d theta d phi
        self.weight = weight * 2 * np.pi / azimuths * area
        if vectorial:
            layers = ((n_i, np.cos(theta)), (n_g, cos_g), (n_s, cos_s))
            ts = tp = 1
            for (n1, c1), (n2, c2) in zip(layers, layers[1:]):
                ts = ts * 2 * n1 * c1 / (n1 * c1 + n2 * c2)
                tp = tp * 2 * n1 * c1 / (n2 * c1 + n1 * c2)
            sin_s, fields = n_i / n_s * np.sin(theta), []
            for p, s in ((np.cos(phi), -np.sin(phi)), (np.sin(phi), np.cos(phi))):  # polarised in x, in y
                fields += [tp * p * cos_s * np.cos(phi) - ts * s * np.sin(phi),
                           tp * p * cos_s * np.sin(phi) + ts * s * np.cos(phi), -tp * p * sin_s]
            self.fields = [field / np.sqrt(np.cos(theta)) for field in fields]  # sqrt(cos) sin over sin cos
        else:
            self.fields = [np.ones_like(self.qx)]
        fading = np.exp(-2 * k * self.path.imag)
        self.energy = (2 * np.pi) ** 2 * sum((self.weight * np.abs(f) ** 2 * fading).sum() for f in self.fields)

    def density(self, radii, defocus):
        """Intensity at these radii in 1 / um^2; the integral over the plane is one."""
        phase = np.exp(1j * self.k * (self.path - defocus * self.axial))
        waves = [self.weight * field * phase for field in self.fields]
        values = []
        for r in np.atleast_1d(radii):
            shift = np.exp(1j * self.qx * r)
            values.append(sum(np.abs((wave * shift).sum()) ** 2 for wave in waves) / self.energy)
        return np.array(values)


def emit(name, values):
    print(f"inline constexpr double {name}[] = {{{', '.join(f'{v:.10g}' for v in np.ravel(values))}}};")


def through_pinhole(table_r, table, r, disc):
    s, ws = np.polynomial.legendre.leggauss(40)
    s, ws = (s + 1) / 2 * disc, ws / 2 * disc
    angle = (np.arange(80) + 0.5) * 2 * np.pi / 80
    distance = np.sqrt(r[:, None, None] ** 2 + s[:, None] ** 2 + 2 * r[:, None, None] * s[:, None] * np.cos(angle))
    return (np.interp(distance, table_r, table) * (ws * s)[:, None]).sum((1, 2)) * 2 * np.pi / 80


RADII = np.array((0.0, 0.1, 0.25, 0.6, 1.5))
print(f"// Made by make_diffraction_fixture.py with numpy {np.__version__}.")
print("#pragma once\n\nnamespace fixture {\n")
emit("kRadiiUm", RADII)
emit("kScalarAberrated", [Lens(False, 1.4, 0.52, depth=5, n_g=1.525, cover_error=10, index_error=-0.002,
                               intervals=2000).density(RADII, z) for z in (0, 0.8)])
emit("kVectorialShallow", [Lens(True, 1.4, 0.52).density(RADII, z) for z in (0, 0.8)])
emit("kVectorialDeep", [Lens(True, 1.4, 0.52, depth=10, intervals=1000).density(RADII, z) for z in (-1, 1)])
emit("kVectorialEvanescent", [Lens(True, 1.49, 0.52, n_s=1.33, depth=0.2, intervals=6000).density(RADII, z)
                              for z in (0, 0.5)])

# Pixels of 0.13 um in focus: their shares of all light.
lens = Lens(True, 1.4, 0.52, intervals=300, azimuths=96)
nodes, weights = np.polynomial.legendre.leggauss(8)
pixels = []
for i, j in ((0, 0), (1, 0), (1, 1), (3, 2)):
    x, y = 0.13 * (i + nodes / 2)[:, None], 0.13 * (j + nodes / 2)[None, :]
    light = lens.density(np.hypot(x, y).ravel(), 0).reshape(8, 8)
    pixels.append((light * np.outer(weights, weights)).sum() * 0.13 ** 2 / 4)
emit("kPixelShares", pixels)

# Confocal, one Airy unit: on the axis and beside it, and the sums of planes, both over those in focus.
em, ex = (Lens(True, 1.4, wavelength, intervals=200, azimuths=128) for wavelength in (0.52, 0.488))
fine = np.arange(0, 4.5, 0.001)
disc, r = 0.61 * 0.52 / 1.4, np.arange(401) * 0.01
values, sums, detected = [], [], []
for z in (0.0, 0.5, 1.0):
    emission, excitation = em.density(fine, z), ex.density(r, z)
    detection = through_pinhole(fine, emission, r, disc)
    confocal = excitation * detection
    detected += list(detection[[0, 10, 30]])
    values += list(confocal[[0, 10, 30]])
    sums.append((confocal * r) @ simpson(r[0], r[-1], len(r) - 1)[1])
emit("kDetection", detected)
emit("kConfocal", np.array(values) / values[0])
emit("kConfocalSums", np.array(sums) / sums[0])
print("\n}  // namespace fixture")
