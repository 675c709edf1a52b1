#include "ui/shell/session_files.h"

#include <QFile>
#include <QSaveFile>

#include "core/base/error.h"

namespace posteria::ui::shell {

namespace {
constexpr qint64 kMostBytes = 16 << 20;
}

bool SessionFiles::isSession(const QString& path) {
    return path.endsWith(QLatin1String(".posteria-session"), Qt::CaseInsensitive);
}

SessionFiles::SessionFiles(Document* document, RestoreSettings* settings, LayoutMenu* layouts,
                           OpenFunction open, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_settings(settings),
      m_layouts(layouts),
      m_loader(std::move(open)) {
    connect(&m_loader, &FileLoader::opened, this,
            [this](const QString& path, const std::vector<image::StackPtr>& series) {
                m_read[path] = series;
            });
    connect(&m_loader, &FileLoader::failed, this,
            [this](const QString&, const QString& message, const QString& hint) {
                Q_EMIT failed(message, hint);
            });
    connect(&m_loader, &FileLoader::busyChanged, this, [this](bool busy) {
        if (!busy && m_opening) show();
    });
}

void SessionFiles::save(const QString& path) {
    const auto session =
        takeSession(*m_document, *m_settings, viewer::layoutWord(m_layouts->layout()));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(writeSession(session, path)) < 0 ||
        !file.commit()) {
        Q_EMIT failed(tr("%1: the session could not be written.").arg(path),
                      tr("Choose another folder."));
        return;
    }
    if (!session.leftOut.isEmpty()) {
        Q_EMIT warned(
            tr("Not part of the session: %1.").arg(session.leftOut.join(QStringLiteral(", "))),
            tr("Save All Results keeps results; opened again, they are images."));
    }
    Q_EMIT saved(path);
}

void SessionFiles::open(const QString& path) {
    if (m_opening) return;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes) {
        Q_EMIT failed(tr("%1: the session could not be read.").arg(path),
                      tr("Check the name and the folder."));
        return;
    }
    try {
        m_session = readSession(file.readAll(), path);
    } catch (const Error& e) {
        Q_EMIT failed(QStringLiteral("%1: %2").arg(path, QString::fromStdString(e.message())),
                      QString::fromStdString(e.hint()));
        return;
    }
    m_path = path;
    m_read.clear();
    QStringList paths;
    for (const auto& image : m_session.images)
        if (!paths.contains(image.path)) paths << image.path;
    m_opening = true;
    Q_EMIT busyChanged();
    if (paths.isEmpty())
        show();
    else
        m_loader.open(paths);
}

void SessionFiles::show() {
    // Nothing to be shown: what is open stays. What was wrong has been said.
    if (!m_session.images.empty() && m_read.empty()) {
        m_opening = false;
        Q_EMIT busyChanged();
        return;
    }
    Q_EMIT aboutToReplace();
    while (!m_document->isEmpty())
        m_document->remove(m_document->layers().back());
    std::vector<Layer*> layers;
    for (const auto& image : m_session.images) {
        const auto found = m_read.find(image.path);
        const bool there =
            found != m_read.end() && image.series < static_cast<int>(found->second.size());
        if (found != m_read.end() && !there) {
            Q_EMIT failed(tr("%1: the file has no series %2.").arg(image.path).arg(image.series),
                          tr("The file has changed since the session was saved."));
        }
        layers.push_back(
            there ? m_document->addImage(found->second[std::size_t(image.series)], image.name)
                  : nullptr);
    }
    m_read.clear();
    applySession(m_session, layers, *m_document);
    applySession(m_session, *m_settings);
    // Just after the start the models are still being listed.
    if (m_settings->models().empty()) {
        connect(
            m_settings, &RestoreSettings::changed, this,
            [this, session = m_session] { applySession(session, *m_settings); },
            Qt::SingleShotConnection);
    }
    if (const auto layout = viewer::layoutOf(m_session.layout)) m_layouts->show(*layout);
    m_opening = false;
    Q_EMIT opened(m_path);
    Q_EMIT busyChanged();
}

}  // namespace posteria::ui::shell
