// Which files and folders are images by their names, and their natural order ("z2" before "z10").
// Content alone decides what an image is once it is opened; names decide what is taken from a
// folder. Thread-safe; imagesIn reads the folder, which may take a while.
#pragma once

#include <QString>
#include <QStringList>

namespace posteria::ui {

// For a dialog's filter: "*.tif", "*.png", …
QStringList imagePatterns();
// Numbers by their value, letters whatever their case; equal names by their code points.
bool naturalLess(const QString& a, const QString& b);
// Full paths of the images in a folder, OME-Zarr folders among them, in natural order. Neither what
// is in folders below nor hidden files.
QStringList imagesIn(const QString& folder);
// The images that a text names: a file, a folder (imagesIn), or a pattern with * ? [ ] { } in its
// names ("~/data/*/cell_??.tif"), in natural order. Throws Error{Input} where there are none.
QStringList imagesMatching(const QString& text);
// Whether a folder says that it is Zarr, be it damaged.
bool isZarr(const QString& folder);

}  // namespace posteria::ui
