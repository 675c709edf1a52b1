#include "ui/shell/movie_export.h"

#include <QPainter>
#include <QThread>
#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/cancel_token.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "ui/shell/movie_dialog.h"
#include "ui/viewer/figure.h"

namespace posteria::ui::shell {

namespace {

constexpr int kMostThreads = 8;

QSize frameSize(const viewer::Canvas& canvas, const MovieOptions& options) {
    QSize size = viewer::figurePixels(canvas, options.magnification);
    // Colours of video are kept for two pixels together.
    if (options.kind == viewer::MovieWriter::Kind::Video)
        size = {std::max(size.width() & ~1, 2), std::max(size.height() & ~1, 2)};
    return size;
}

// All frames have one size, also where the window was given another one meanwhile.
QImage fitted(const QImage& picture, const QSize& size) {
    if (picture.size() == size) return picture;
    const QSize spare = picture.size() - size;
    if (spare.width() >= 0 && spare.height() >= 0 && spare.width() < 2 && spare.height() < 2)
        return picture.copy(QRect({0, 0}, size));
    QImage frame(size, QImage::Format_RGB32);
    frame.fill(Qt::black);
    QImage scaled = picture.scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    scaled.setDevicePixelRatio(1);
    QPainter painter(&frame);
    painter.drawImage((size.width() - scaled.width()) / 2, (size.height() - scaled.height()) / 2,
                      scaled);
    return frame;
}

}  // namespace

// What the writing threads share.
struct MovieExport::Job {
    QString path;
    CancelToken token;
    std::unique_ptr<viewer::MovieWriter> writer;
    bool finished = false;
};

MovieExport::MovieExport(Document* document, viewer::Canvas* canvas, QSettings* settings,
                         QWidget* window)
    : QObject(window),
      m_canvas(canvas),
      m_settings(settings),
      m_window(window),
      m_steps(document, canvas),
      m_pool(std::clamp(QThread::idealThreadCount(), 1, kMostThreads)) {
    m_most = m_pool.maxThreadCount() + 1;
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &MovieExport::advance);
    const auto soon = [this] {
        if (m_job) m_soon.start();
    };
    connect(canvas, &viewer::Canvas::settled, this, soon);
    // Nothing may settle any more: look whether the movie can go on.
    connect(document, &Document::layersChanged, this, soon);
    connect(document, &Document::activeRunChanged, this, soon);
}

MovieExport::~MovieExport() {
    if (m_job) m_job->token.cancel();
    m_pool.waitForDone();
}

void MovieExport::ask() {
    const auto axes = m_steps.axes();
    if (axes.empty() || isBusy()) return;
    std::vector<MovieDialog::Axis> offered;
    for (const auto axis : axes)
        offered.push_back({axis, m_steps.count(axis)});
    auto* dialog =
        new MovieDialog(offered, viewer::figurePixels(*m_canvas, 1),
                        m_canvas->layoutMode() == viewer::CanvasLayout::Grid, m_settings, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { Q_EMIT accepted(dialog->options()); });
    dialog->open();
}

void MovieExport::run(std::function<void(Job&)> work, std::function<void()> then) {
    m_pool.start([this, job = m_job, work = std::move(work), then = std::move(then)] {
        Failure failure;
        try {
            work(*job);
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Cancelled) {
                log::error(e.what());
                failure = {QString::fromStdString(e.message()), QString::fromStdString(e.hint())};
                if (!e.where().empty())
                    failure.message =
                        QString::fromStdString(e.where()) + QStringLiteral(": ") + failure.message;
            }
        } catch (const std::exception& e) {
            log::error(std::string("A movie failed: ") + e.what());
            failure = {tr("The movie could not be written."), QString::fromUtf8(e.what())};
        }
        QMetaObject::invokeMethod(
            this,
            [this, failure, then] {
                if (!failure.message.isEmpty()) stop(failure);
                then();
            },
            Qt::QueuedConnection);
    });
}

void MovieExport::write(const MovieOptions& options, const QString& path) {
    if (isBusy() || !m_canvas) return;
    m_options = options;
    m_order = options.order();
    m_size = frameSize(*m_canvas, options);
    m_next = 0;
    m_inWork = m_written = 0;
    m_stopping = m_opened = false;
    m_failure = {};
    m_job = std::make_shared<Job>();
    m_job->path = path;
    m_steps.begin(options);
    m_atPlace = false;
    m_canvas->setMagnification(options.magnification);
    m_canvas->setLabelsVisible(options.labels);
    Q_EMIT busyChanged();
    // A folder that cannot be written to is told of before the first step.
    ++m_inWork;
    run(
        [options, frames = int(m_order.size())](Job& job) {
            job.writer =
                viewer::MovieWriter::open(options.kind, job.path, options.framesPerSecond, frames);
        },
        [this] {
            --m_inWork;
            m_opened = true;
            m_soon.start();
        });
}

void MovieExport::advance() {
    if (!m_job || !m_opened) return;  // frames need the writer
    if (m_stopping || m_next == m_order.size()) {
        if (m_inWork == 0) close();
        return;
    }
    if (!m_steps.isPossible()) {
        stop({tr("What the movie shows has changed while it was made."), tr("Export it again.")});
        return advance();
    }
    const int step = m_order[m_next];
    if (!m_steps.isAt(step)) {
        m_steps.go(step);
        m_soon.start();
        return;
    }
    // What has settled or has been written calls again.
    if (m_canvas->isSettled() && m_inWork < m_most) grab();
}

void MovieExport::grab() {
    const QImage picture =
        viewer::drawPicture(*m_canvas, {m_options.magnification, m_options.labels});
    if (picture.isNull()) {
        stop({tr("There is not enough memory for a frame of this size."),
              tr("Choose fewer pixels.")});
        return advance();
    }
    const int number = int(m_next++);
    ++m_inWork;
    run(
        [number, picture, size = m_size](Job& job) {
            job.token.throwIfCancelled();
            job.writer->add(number, fitted(picture, size));
        },
        [this] {
            --m_inWork;
            if (!m_stopping) Q_EMIT progress(++m_written, int(m_order.size()));
            m_soon.start();
        });
    if (m_next == m_order.size())
        putBack();
    else
        m_steps.go(m_order[m_next]);
    m_soon.start();
}

void MovieExport::cancel() {
    if (m_job && !m_stopping) {
        stop({});
        advance();
    }
}

void MovieExport::stop(const Failure& failure) {
    if (std::exchange(m_stopping, true)) return;
    m_failure = failure;
    m_job->token.cancel();
    putBack();
}

void MovieExport::putBack() {
    if (std::exchange(m_atPlace, true)) return;
    m_steps.end();
    if (!m_canvas) return;
    m_canvas->setMagnification(1);
    m_canvas->setLabelsVisible(true);
}

void MovieExport::close() {
    ++m_inWork;
    run(
        [](Job& job) {
            const auto writer = std::move(job.writer);  // removes what it has not finished
            job.token.throwIfCancelled();
            writer->finish();
            job.finished = true;
        },
        [this] {
            const auto job = std::exchange(m_job, nullptr);
            if (job->finished)
                Q_EMIT saved(job->path);
            else if (!m_failure.message.isEmpty())
                Q_EMIT failed(m_failure.message, m_failure.hint);
            Q_EMIT busyChanged();
        });
}

}  // namespace posteria::ui::shell
