#include "ui/viewer/movie_writer.h"

#include <QBuffer>
#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImageWriter>
#include <QTemporaryDir>
#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

namespace posteria::ui::viewer {

namespace {

constexpr int kJpegQuality = 95;  // noise and thin lines survive it
constexpr int kPngQuality = 80;   // of compression: the fastest that compresses at all
constexpr qint64 kMostBytes = (2ll << 30) - (1 << 20);  // of an AVI file that every program reads

[[noreturn]] void failed(const QFile& file, const QString& path) {
    // Qt tells a full disk by this kind of error alone.
    if (file.error() == QFileDevice::ResourceError)
        throw Error(ErrorKind::Failed, "The disk is full.", path.toStdString(),
                    "Free some space or choose another folder.");
    throw Error(ErrorKind::Failed,
                "The movie cannot be written: " + file.errorString().toStdString() + ".",
                path.toStdString(), "Choose a folder you may write to.");
}

// Files are unbuffered: a full disk is told of at once. Where it fills up in the middle of a piece,
// only the next try says why.
void write(QFile& file, const QByteArray& bytes, const QString& path) {
    for (qint64 done = 0; done < bytes.size();) {
        const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
        if (written <= 0) failed(file, path);
        done += written;
    }
}

void open(QFile& file, const QString& path) {
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) failed(file, path);
}

QByteArray compressed(const QImage& frame, const char* format, int quality) {
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    QImageWriter writer(&bytes, format);
    writer.setQuality(quality);
    if (!writer.write(frame))
        throw Error(ErrorKind::Failed,
                    "A frame cannot be compressed: " + writer.errorString().toStdString() + ".", {},
                    "Choose fewer pixels.");
    return bytes.data();
}

// A chunk's name of four letters.
void mark(QDataStream& out, const char* name) {
    out.writeRawData(name, 4);
}

class Avi : public MovieWriter {
  public:
    Avi(const QString& path, int framesPerSecond, int frames)
        : m_path(path),
          m_pending(path.toStdString()),
          m_file(QString::fromStdString(m_pending.path())),
          m_rate(framesPerSecond),
          m_frames(frames) {
        viewer::open(m_file, m_path);
        write(m_file, header(), m_path);
        m_index.reserve(std::size_t(frames));
    }

    void add(int number, const QImage& frame) override {
        const QByteArray jpeg = compressed(frame, "jpeg", kJpegQuality);
        const std::lock_guard lock(m_mutex);
        m_size = frame.size();
        m_waiting[number] = jpeg;
        for (auto next = m_waiting.find(int(m_index.size())); next != m_waiting.end();
             next = m_waiting.find(int(m_index.size()))) {
            append(next->second);
            m_waiting.erase(next);
        }
    }

    void finish() override {
        QByteArray bytes;
        QDataStream out(&bytes, QIODevice::WriteOnly);
        out.setByteOrder(QDataStream::LittleEndian);
        mark(out, "idx1");
        out << quint32(m_index.size() * 16);
        for (const auto& [offset, size] : m_index) {
            mark(out, "00dc");
            out << quint32(0x10) << offset << size;  // every frame can be the first one shown
        }
        m_moviesEnd = m_file.pos();
        write(m_file, bytes, m_path);
        m_end = m_file.pos();
        if (!m_file.seek(0)) failed(m_file, m_path);
        write(m_file, header(), m_path);
        m_file.close();
        m_pending.commit();
    }

  private:
    void append(const QByteArray& jpeg) {
        if (m_file.pos() + jpeg.size() + 16 * m_frames > kMostBytes)
            throw Error(ErrorKind::Failed,
                        "The video would be larger than the 2 GB that an AVI file can have.",
                        m_path.toStdString(),
                        "Choose fewer frames or pixels, or numbered pictures.");
        QByteArray bytes;
        QDataStream out(&bytes, QIODevice::WriteOnly);
        out.setByteOrder(QDataStream::LittleEndian);
        mark(out, "00dc");
        out << quint32(jpeg.size());
        bytes += jpeg;
        if (jpeg.size() % 2) bytes += '\0';  // chunks begin at even places
        // Counted from the word "movi", which ends the header.
        m_index.emplace_back(quint32(m_file.pos() - kHeaderBytes + 4), quint32(jpeg.size()));
        m_largest = std::max(m_largest, quint32(jpeg.size()));
        write(m_file, bytes, m_path);
    }

    // The same length whatever is known so far.
    QByteArray header() const {
        QByteArray bytes;
        QDataStream out(&bytes, QIODevice::WriteOnly);
        out.setByteOrder(QDataStream::LittleEndian);
        const auto width = quint32(m_size.width()), height = quint32(m_size.height());
        const auto frames = quint32(m_index.size()), rate = quint32(m_rate);
        mark(out, "RIFF");
        out << quint32(std::max<qint64>(m_end - 8, 0));
        mark(out, "AVI ");
        mark(out, "LIST");
        out << quint32(192);
        mark(out, "hdrl");
        mark(out, "avih");
        out << quint32(56) << quint32(1000000 / rate) << quint32(m_largest * rate) << quint32(0)
            << quint32(0x10) << frames << quint32(0) << quint32(1) << m_largest << width << height;
        out << quint32(0) << quint32(0) << quint32(0) << quint32(0);
        mark(out, "LIST");
        out << quint32(116);
        mark(out, "strl");
        mark(out, "strh");
        out << quint32(56);
        mark(out, "vids");
        mark(out, "MJPG");
        out << quint32(0) << quint32(0) << quint32(0) << quint32(1) << rate << quint32(0) << frames
            << m_largest << quint32(0xffffffff) << quint32(0);
        out << quint16(0) << quint16(0) << quint16(width) << quint16(height);
        mark(out, "strf");
        out << quint32(40) << quint32(40) << width << height << quint16(1) << quint16(24);
        mark(out, "MJPG");
        out << quint32(width * height * 3);
        out << quint32(0) << quint32(0) << quint32(0) << quint32(0);
        mark(out, "LIST");
        out << quint32(std::max<qint64>(m_moviesEnd - kHeaderBytes + 4, 4));
        mark(out, "movi");
        return bytes;
    }

    static constexpr qint64 kHeaderBytes = 224;

    QString m_path;
    PendingFile m_pending;
    QFile m_file;
    int m_rate, m_frames;
    std::mutex m_mutex;  // of what follows
    std::map<int, QByteArray> m_waiting;
    std::vector<std::pair<quint32, quint32>> m_index;  // offset and size of the frames written
    QSize m_size{0, 0};
    quint32 m_largest = 0;
    qint64 m_moviesEnd = 0, m_end = 0;
};

class Pictures : public MovieWriter {
  public:
    Pictures(const QString& folder, int frames)
        : m_path(QDir::cleanPath(QFileInfo(folder).absoluteFilePath())),
          m_digits(std::max(4, int(QString::number(frames).size()))) {
        const QFileInfo there(m_path);
        if (there.exists() && !(there.isDir() && QDir(m_path).isEmpty()))
            throw Error(ErrorKind::Failed, "There is something of this name already.",
                        m_path.toStdString(),
                        "Choose another name; the pictures get a folder of their own.");
        m_pending = std::make_unique<QTemporaryDir>(
            QStringLiteral("%1/.%2.part-XXXXXX")
                .arg(there.absolutePath(), there.fileName().left(64)));
        if (!m_pending->isValid())
            throw Error(
                ErrorKind::Failed,
                "The folder cannot be made: " + m_pending->errorString().toStdString() + ".",
                m_path.toStdString(), "Choose a folder you may write to.");
    }

    void add(int number, const QImage& frame) override {
        const auto name = QStringLiteral("%1_%2.png")
                              .arg(QFileInfo(m_path).fileName())
                              .arg(number + 1, m_digits, 10, QLatin1Char('0'));
        QFile file(m_pending->filePath(name));
        viewer::open(file, m_path);
        write(file, compressed(frame, "png", kPngQuality), m_path);
    }

    void finish() override {
        // Temporary folders are the user's alone.
        QFile::setPermissions(m_pending->path(), QFile::Permissions(0x7755));
        QDir().rmdir(m_path);  // an empty one that was chosen
        if (!QDir().rename(m_pending->path(), m_path))
            throw Error(ErrorKind::Failed, "The folder cannot be given its name.",
                        m_path.toStdString(), "Choose another name.");
        m_pending->setAutoRemove(false);
    }

  private:
    QString m_path;
    int m_digits;
    std::unique_ptr<QTemporaryDir> m_pending;
};

}  // namespace

std::unique_ptr<MovieWriter> MovieWriter::open(Kind kind, const QString& path, int framesPerSecond,
                                               int frames) {
    if (kind == Kind::Video) return std::make_unique<Avi>(path, framesPerSecond, frames);
    return std::make_unique<Pictures>(path, frames);
}

}  // namespace posteria::ui::viewer
