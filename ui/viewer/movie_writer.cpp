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
constexpr int kMostParts = 512;   // of a video, that its header has room for

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

// Pieces of an AVI file, little-endian.
class Bytes {
  public:
    Bytes() { m_out.setByteOrder(QDataStream::LittleEndian); }
    template <class... T>
    Bytes& put(const T&... values) {
        (void(m_out << values), ...);
        return *this;
    }
    Bytes& zeros(int count) {
        for (int i = 0; i < count; ++i)
            m_out << quint8(0);
        return *this;
    }
    // A name of four letters.
    Bytes& name(const char* letters) {
        m_out.writeRawData(letters, 4);
        return *this;
    }
    Bytes& chunk(const char* letters, const Bytes& content) {
        name(letters).put(quint32(content.bytes().size()));
        return raw(content.bytes());
    }
    Bytes& list(const char* letters, const Bytes& content) {
        name("LIST").put(quint32(content.bytes().size() + 4));
        return name(letters).raw(content.bytes());
    }
    Bytes& raw(const QByteArray& bytes) {
        m_out.writeRawData(bytes.constData(), int(bytes.size()));
        return *this;
    }
    const QByteArray& bytes() const { return m_bytes; }

  private:
    QByteArray m_bytes;
    QDataStream m_out{&m_bytes, QIODevice::WriteOnly};
};

class Avi : public MovieWriter {
  public:
    Avi(const QString& path, int framesPerSecond, qint64 partBytes)
        : m_path(path),
          m_pending(path.toStdString()),
          m_file(QString::fromStdString(m_pending.path())),
          m_rate(framesPerSecond),
          m_partBytes(partBytes) {
        viewer::open(m_file, m_path);
        write(m_file, header(), m_path);
        m_part.movies = m_file.pos() - 4;
    }

    void add(int number, const QImage& frame) override {
        const QByteArray jpeg = compressed(frame, "jpeg", kJpegQuality);
        const std::lock_guard lock(m_mutex);
        m_size = frame.size();
        m_waiting[number] = jpeg;
        for (auto next = m_waiting.find(m_written); next != m_waiting.end();
             next = m_waiting.find(m_written)) {
            append(next->second);
            m_waiting.erase(next);
        }
    }

    void finish() override {
        closePart();
        if (!m_file.seek(0)) failed(m_file, m_path);
        write(m_file, header(), m_path);
        m_file.close();
        m_pending.commit();
    }

  private:
    struct Part {
        qint64 start = 0, movies = 0;                      // of its RIFF, and of the word "movi"
        std::vector<std::pair<qint64, quint32>> frames{};  // offset of the chunk, size of the JPEG
    };
    struct Index {
        qint64 offset = 0;
        quint32 bytes = 0, frames = 0;
    };

    void append(const QByteArray& jpeg) {
        const auto indices = qint64(m_part.frames.size() + 1) * 24 + 64;
        if (!m_part.frames.empty() &&
            m_file.pos() + jpeg.size() + indices - m_part.start > m_partBytes) {
            closePart();
            beginPart();
        }
        Bytes bytes;
        bytes.name("00dc").put(quint32(jpeg.size())).raw(jpeg);
        if (jpeg.size() % 2) bytes.zeros(1);  // chunks begin at even places
        m_part.frames.emplace_back(m_file.pos(), quint32(jpeg.size()));
        m_largest = std::max(m_largest, quint32(jpeg.size()));
        ++m_written;
        write(m_file, bytes.bytes(), m_path);
    }

    void beginPart() {
        if (int(m_indices.size()) == kMostParts)
            throw Error(ErrorKind::Failed, "The video would be larger than an AVI file can be.",
                        m_path.toStdString(),
                        "Choose fewer frames or pixels, or numbered pictures.");
        m_part = {m_file.pos(), m_file.pos() + 20};
        Bytes bytes;
        bytes.name("RIFF").put(quint32(0)).name("AVIX");
        bytes.name("LIST").put(quint32(4)).name("movi");
        write(m_file, bytes.bytes(), m_path);
    }

    // Writes where its frames lie: for those who know parts, and in the first one for those who
    // do not.
    void closePart() {
        Bytes places;
        places.put(quint16(2), quint8(0), quint8(1), quint32(m_part.frames.size())).name("00dc");
        places.put(quint64(m_part.movies), quint32(0));
        for (const auto& [offset, size] : m_part.frames)
            places.put(quint32(offset + 8 - m_part.movies), size);
        Bytes index;
        index.chunk("ix00", places);
        m_indices.push_back(
            {m_file.pos(), quint32(index.bytes().size()), quint32(m_part.frames.size())});
        write(m_file, index.bytes(), m_path);
        const auto moviesBytes = quint32(m_file.pos() - m_part.movies);
        if (m_part.start == 0) {
            Bytes old;
            for (const auto& [offset, size] : m_part.frames)  // each can be the first one shown
                old.name("00dc").put(quint32(0x10), quint32(offset - m_part.movies), size);
            Bytes chunk;
            write(m_file, chunk.chunk("idx1", old).bytes(), m_path);
            m_firstFrames = quint32(m_part.frames.size());
            m_firstMovies = moviesBytes;
            m_firstBytes = quint32(m_file.pos() - 8);
            return;  // the header is written anew in the end
        }
        const qint64 end = m_file.pos();
        patch(m_part.start + 4, quint32(end - m_part.start - 8));
        patch(m_part.movies - 4, moviesBytes);
        if (!m_file.seek(end)) failed(m_file, m_path);
    }
    void patch(qint64 at, quint32 value) {
        if (!m_file.seek(at)) failed(m_file, m_path);
        write(m_file, Bytes().put(value).bytes(), m_path);
    }

    // The same length whatever is known so far.
    QByteArray header() const {
        const auto width = quint32(m_size.width()), height = quint32(m_size.height());
        const auto rate = quint32(m_rate), frames = quint32(m_written), none = quint32(0);
        Bytes main, stream, format, indices, total, streams, lists, all;
        main.put(quint32(1000000 / rate), quint32(m_largest * rate), none, quint32(0x10),
                 m_firstFrames, none, quint32(1), m_largest, width, height)
            .zeros(16);
        stream.name("vids").name("MJPG").put(none, none, none, quint32(1), rate, none, frames);
        stream.put(m_largest, quint32(0xffffffff), none);
        stream.put(quint16(0), quint16(0), quint16(width), quint16(height));
        format.put(quint32(40), width, height, quint16(1), quint16(24)).name("MJPG");
        format.put(quint32(width * height * 3)).zeros(16);
        indices.put(quint16(4), quint16(0), quint32(m_indices.size())).name("00dc").zeros(12);
        for (const auto& index : m_indices)
            indices.put(quint64(index.offset), index.bytes, index.frames);
        indices.zeros(16 * (kMostParts - int(m_indices.size())));
        total.put(frames).zeros(244);
        streams.chunk("strh", stream).chunk("strf", format).chunk("indx", indices);
        Bytes extended;
        extended.chunk("dmlh", total);
        lists.chunk("avih", main).list("strl", streams).list("odml", extended);
        all.name("RIFF").put(m_firstBytes).name("AVI ").list("hdrl", lists);
        all.name("LIST").put(std::max(m_firstMovies, quint32(4))).name("movi");
        return all.bytes();
    }

    QString m_path;
    PendingFile m_pending;
    QFile m_file;
    int m_rate;
    qint64 m_partBytes;
    std::mutex m_mutex;  // of what follows
    std::map<int, QByteArray> m_waiting;
    Part m_part;
    std::vector<Index> m_indices;
    QSize m_size{0, 0};
    int m_written = 0;
    quint32 m_largest = 0, m_firstFrames = 0, m_firstMovies = 0, m_firstBytes = 0;
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
                                               int frames, qint64 partBytes) {
    if (kind == Kind::Video) return std::make_unique<Avi>(path, framesPerSecond, partBytes);
    return std::make_unique<Pictures>(path, frames);
}

}  // namespace posteria::ui::viewer
