#include "ui/model/image_files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"

namespace posteria::ui {

namespace {

bool isDigit(QChar c) {
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}

// The digits from `at` on, without leading zeros; `at` moves behind them.
QStringView number(const QString& text, qsizetype* at) {
    while (*at < text.size() - 1 && text[*at] == QLatin1Char('0') && isDigit(text[*at + 1]))
        ++*at;
    const auto first = *at;
    while (*at < text.size() && isDigit(text[*at]))
        ++*at;
    return QStringView(text).mid(first, *at - first);
}

}  // namespace

QStringList imagePatterns() {
    QStringList patterns;
    for (const char* ending :
         {"tif", "tiff", "btf", "tf2", "tf8", "lsm", "stk", "dv", "ome", "png", "jpg", "jpeg"})
        patterns << QStringLiteral("*.%1").arg(QLatin1String(ending));
    return patterns;
}

bool naturalLess(const QString& a, const QString& b) {
    qsizetype i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const auto x = number(a, &i), y = number(b, &j);
            if (x.size() != y.size()) return x.size() < y.size();
            if (const int order = x.compare(y)) return order < 0;
            continue;
        }
        const auto x = a[i].toCaseFolded(), y = b[j].toCaseFolded();
        if (x != y) return x < y;
        ++i;
        ++j;
    }
    const auto restA = a.size() - i, restB = b.size() - j;
    return restA != restB ? restA < restB : a < b;
}

QStringList imagesIn(const QString& folder) {
    const QDir dir(folder);
    auto names = dir.entryList(imagePatterns(), QDir::Files);
    for (const auto& name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        if (name.endsWith(QLatin1String(".zarr"), Qt::CaseInsensitive)) names << name;
    std::sort(names.begin(), names.end(), naturalLess);
    for (auto& name : names)
        name = dir.filePath(name);
    return names;
}

QStringList imagesMatching(const QString& text) {
    const QFileInfo named(text);
    QStringList images;
    if (named.isDir() && !isZarr(text)) {
        images = imagesIn(named.absoluteFilePath());
    } else if (named.exists()) {
        images << named.absoluteFilePath();
    } else {
        for (const auto& path : filesMatching(QFile::encodeName(text).toStdString())) {
            const QFileInfo file(QFile::decodeName(path.c_str()));
            const bool image = file.isDir() ? isZarr(file.filePath())
                                            : QDir::match(imagePatterns(), file.fileName());
            if (image) images << file.absoluteFilePath();
        }
        std::sort(images.begin(), images.end(), naturalLess);
    }
    if (images.isEmpty()) {
        const bool pattern = text.contains(QRegularExpression(QStringLiteral("[*?\\[{]")));
        throw Error(ErrorKind::Input,
                    named.isDir() ? "There are no images in this folder."
                    : pattern     ? "No image has a name like this."
                                  : "There is no such file.",
                    text.toStdString(), "Name a file, a folder, or a pattern such as cells_*.tif.");
    }
    return images;
}

bool isZarr(const QString& folder) {
    if (folder.endsWith(QLatin1String(".zarr"), Qt::CaseInsensitive)) return true;
    const QDir dir(folder);
    for (const char* mark : {".zattrs", ".zgroup", ".zarray", "zarr.json"})
        if (dir.exists(QLatin1String(mark))) return true;
    return false;
}

}  // namespace posteria::ui
