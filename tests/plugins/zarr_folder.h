// Zarr folders written by hand, byte by byte, so that the tests depend on no other writer.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <cstdint>
#include <string>

class ZarrFolder {
  public:
    explicit ZarrFolder(const QString& name = "cells.ome.zarr") : m_root(m_dir.filePath(name)) {}

    std::string path(const QString& key = {}) const {
        return (key.isEmpty() ? m_root : m_root + "/" + key).toStdString();
    }
    QString outside(const QString& name) const { return m_dir.filePath(name); }

    void write(const QString& key, const QByteArray& bytes) const {
        const QString path = m_root + "/" + key;
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
    }
    void remove(const QString& key) const { QFile::remove(m_root + "/" + key); }

    // An image of OME-NGFF 0.4 with one resolution "0" of axes y and x, in nanometres.
    void writeImage(const QByteArray& zarray) const {
        write(".zgroup", R"({"zarr_format": 2})");
        write(".zattrs", R"({"multiscales": [{"version": "0.4", "axes": [
            {"name": "y", "type": "space", "unit": "nanometer"},
            {"name": "x", "type": "space", "unit": "nanometer"}],
            "datasets": [{"path": "0", "coordinateTransformations": [
                {"type": "scale", "scale": [200, 100]}]}]}]})");
        write("0/.zarray", zarray);
    }

    // uint16 pixels, low byte first.
    static QByteArray pixels(const std::vector<int>& values, bool bigEndian = false) {
        QByteArray bytes;
        for (const int value : values) {
            const char low = char(value & 0xff), high = char(value >> 8);
            bytes.append(bigEndian ? high : low).append(bigEndian ? low : high);
        }
        return bytes;
    }

  private:
    QTemporaryDir m_dir;
    QString m_root;
};
