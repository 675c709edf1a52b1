#include "ui/model/object_finder.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/priority.h"

namespace posteria::ui {

namespace {

image::StackPtr stackOf(const analysis::Labelling& labels, const image::StackInfo& like) {
    image::StackInfo info;
    info.name = "objects";
    info.type = image::PixelType::UInt32;
    info.shape.y = labels.height;
    info.shape.x = labels.width;
    info.voxelSize = like.voxelSize;
    return image::makeMemoryStack(std::move(info), {labels.toPlane()});
}

TriedObjectsPtr tryOut(const image::Stack& sample, const image::PlaneIndex& plane,
                       const analysis::SegmentationSettings& settings) {
    const auto objects = analysis::segment(sample.readPlane(plane).toFloat(), settings);
    return std::make_shared<const TriedObjects>(TriedObjects{
        objects.labels.count, objects.threshold, stackOf(objects.labels, sample.info())});
}

FoundObjectsPtr findAll(const analysis::ObjectRequest& request,
                        const std::function<void(int, int)>& progress, const CancelToken& token) {
    auto found = std::make_shared<FoundObjects>();
    found->plane = analysis::analyseObjects(request, progress, token);
    for (const auto& channel : found->plane.channels)
        found->labels.push_back(stackOf(channel.labels, request.samples.front()->info()));
    return found;
}

}  // namespace

ObjectFinder::ObjectFinder(QObject* parent) : QObject(parent) {}

ObjectFinder::~ObjectFinder() {
    m_token.cancel();
    m_next.reset();
    m_pool.waitForDone();
    m_trialPool.waitForDone();
}

void ObjectFinder::preview(image::StackPtr sample, const image::PlaneIndex& plane,
                           const analysis::SegmentationSettings& settings) {
    ++m_trial;
    m_next = Trial{std::move(sample), plane, settings};
    if (!m_trying) tryNext();
}

void ObjectFinder::dropPreview() {
    ++m_trial;
    m_next.reset();
}

void ObjectFinder::tryNext() {
    m_trying = m_next.has_value();
    if (!m_trying) return;
    m_trialPool.start([this, trial = *std::exchange(m_next, {}), number = m_trial] {
        giveWay();
        TriedObjectsPtr result;
        QString message, hint;
        try {
            result = tryOut(*trial.sample, trial.plane, trial.settings);
        } catch (const Error& e) {
            message = QString::fromStdString(e.message());
            hint = QString::fromStdString(e.hint());
        } catch (const std::exception& e) {
            message = QString::fromLocal8Bit(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, number, result, message, hint] {
                tryNext();
                if (number != m_trial) return;
                if (result)
                    Q_EMIT previewed(result);
                else
                    Q_EMIT failed(message, hint);
            },
            Qt::QueuedConnection);
    });
}

void ObjectFinder::find(analysis::ObjectRequest request) {
    if (m_busy) return;
    m_busy = true;
    m_token = CancelToken();
    Q_EMIT busyChanged(true);
    m_pool.start([this, request = std::move(request), token = m_token] {
        giveWay();
        FoundObjectsPtr result;
        QString message, hint;
        bool cancelled = false;
        try {
            result = findAll(
                request,
                [this](int done, int samples) {
                    QMetaObject::invokeMethod(
                        this, [this, done, samples] { Q_EMIT progress(done, samples); },
                        Qt::QueuedConnection);
                },
                token);
        } catch (const Error& e) {
            cancelled = e.kind() == ErrorKind::Cancelled;
            message = QString::fromStdString(e.message());
            hint = QString::fromStdString(e.hint());
        } catch (const std::bad_alloc&) {
            message = tr("There is not enough memory to find objects.");
            hint = tr("Restore a smaller region.");
        } catch (const std::exception& e) {
            message = QString::fromLocal8Bit(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, result, message, hint, cancelled] {
                m_busy = false;
                Q_EMIT busyChanged(false);
                if (result)
                    Q_EMIT found(result);
                else if (cancelled)
                    Q_EMIT stopped();
                else
                    Q_EMIT failed(message, hint);
            },
            Qt::QueuedConnection);
    });
}

void ObjectFinder::cancel() {
    m_token.cancel();
}

}  // namespace posteria::ui
