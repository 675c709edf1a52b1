// Writes the frames of a movie: numbered PNG pictures in a folder of their own, or a video. The
// video is Motion-JPEG in an AVI file, as that is what VLC, ImageJ and PowerPoint all open without
// another codec; every frame stands for itself, so that one can step back and forth in it. What is
// longer than a gigabyte goes on in further parts of the file, as OpenDML (AVI 2.0, 1996) has them.
// VTK 9.1
// of Debian has no FFmpeg writer, and its Ogg Theora opens in VLC alone. Nothing has its final name
// before finish(), and what is not finished is removed. Lengths in pixels; a writer may be used on
// any thread.
#pragma once

#include <QImage>
#include <QString>
#include <memory>

namespace posteria::ui::viewer {

class MovieWriter {
  public:
    enum class Kind { Video, Pictures };

    static constexpr qint64 kPartBytes = 1ll << 30;

    // The path is the video's, or that of a folder that does not exist yet or is empty. partBytes:
    // of a part of a video, at most but for a larger frame. Throws Error{Failed}, as do all below.
    static std::unique_ptr<MovieWriter> open(Kind kind, const QString& path, int framesPerSecond,
                                             int frames, qint64 partBytes = kPartBytes);
    virtual ~MovieWriter() = default;

    // Frame `number`, from 0, all of one size. Frames may come on several threads at once and are
    // written in the order of their numbers.
    virtual void add(int number, const QImage& frame) = 0;
    // Once all frames have been added: the movie gets its name.
    virtual void finish() = 0;
};

}  // namespace posteria::ui::viewer
