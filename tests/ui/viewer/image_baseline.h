// Pictures kept beside the tests (baselines/NAME.png), so that a change of what the viewer draws is
// seen. Alike is what looks alike: other versions of Mesa and of Qt round differently and smooth
// edges otherwise, so a few grey values everywhere or a few pixels are let pass, another picture is
// not: two of Mesa's rasterizers are 1.5 grey values and 3 % of the pixels apart, two modes at
// least 6 and 15 %. A missing baseline is a failure; the candidate is written to the working
// directory, to be looked at and moved.
#pragma once

#include <QDir>
#include <QImage>
#include <QString>
#include <algorithm>
#include <cstdlib>

namespace posteria::test {

inline constexpr double kMeanDifference = 2.0;  // grey values, over pixels and red, green, blue
inline constexpr int kOff = 16;                 // grey values of any colour: seen to differ
inline constexpr double kShareOff = 0.04;       // of all pixels

struct PictureDifference {
    double mean = 255, shareOff = 1;
    bool isAlike() const { return mean <= kMeanDifference && shareOff <= kShareOff; }
    QString text() const {
        return QStringLiteral(
                   "mean difference %1 (at most %2), %3 % of the pixels off by more "
                   "than %4 (at most %5 %)")
            .arg(mean, 0, 'f', 2)
            .arg(kMeanDifference)
            .arg(100 * shareOff, 0, 'f', 2)
            .arg(kOff)
            .arg(100 * kShareOff);
    }
};

// Pictures of two sizes have nothing in common.
inline PictureDifference differenceOf(const QImage& a, const QImage& b) {
    if (a.isNull() || a.size() != b.size()) return {};
    double sum = 0;
    int off = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            const int red = std::abs(qRed(p) - qRed(q)), green = std::abs(qGreen(p) - qGreen(q)),
                      blue = std::abs(qBlue(p) - qBlue(q));
            sum += red + green + blue;
            off += std::max({red, green, blue}) > kOff;
        }
    }
    const double pixels = double(a.width()) * a.height();
    return {sum / 3 / pixels, off / pixels};
}

inline QImage baseline(const QString& name) {
    return QImage(
        QStringLiteral(POSTERIA_SOURCE_DIR "/tests/ui/viewer/baselines/%1.png").arg(name));
}

// Empty where the picture is like its baseline; otherwise what is wrong and where the candidate is.
inline QString unlikeBaseline(const QImage& picture, const QString& name,
                              const QDir& candidates = QDir::current()) {
    const QImage wanted = baseline(name);
    const auto difference = differenceOf(wanted, picture);
    if (difference.isAlike()) return {};
    const QString file = candidates.absoluteFilePath(name + QStringLiteral(".candidate.png"));
    const QString kept = picture.save(file)
                             ? QStringLiteral("the candidate is ") + file
                             : QStringLiteral("no candidate could be written to ") + file;
    if (wanted.isNull()) return QStringLiteral("there is no baseline %1.png; %2").arg(name, kept);
    return QStringLiteral("%1: %2; %3").arg(name, difference.text(), kept);
}

}  // namespace posteria::test
