#include "ui/shell/image_opening.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>

#include "ui/model/image_files.h"
#include "ui/shell/file_drop.h"

namespace posteria::ui::shell {

ImageOpening::ImageOpening(FileLoader* loader, Document* document, QSettings* settings,
                           QWidget* window)
    : QObject(window),
      m_loader(loader),
      m_document(document),
      m_settings(settings),
      m_window(window) {
    loader->setLooksIntoFolders(true);
    connect(loader, &FileLoader::folderFound, this, &ImageOpening::openFound);
    connect(loader, &FileLoader::busyChanged, this, [this](bool busy) {
        if (!busy) m_ofFolders.clear();
    });
    connect(loader, &FileLoader::stackOpened, this, [this](const image::StackPtr& stack) {
        m_document->addImage(stack, QString::fromStdString(stack->info().name));
        for (const auto& warning : stack->info().warnings)
            Q_EMIT warned(QString::fromStdString(warning));
    });
}

void ImageOpening::dragEnter(QDragEnterEvent* event) {
    offerFiles(event);
}

void ImageOpening::drop(QDropEvent* event) {
    const auto paths = takeFiles(event);
    if (paths.isEmpty()) return;
    if (event->modifiers() & Qt::ShiftModifier)
        m_loader->openAsStack(paths);
    else
        Q_EMIT openRequested(paths);
}

void ImageOpening::chooseStack() {
    auto folder = m_settings->value(kOpenFolderKey).toString();
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    auto* dialog = new QFileDialog(
        m_window, tr("Open files as one stack"), folder,
        tr("Images (%1);;All files (*)").arg(imagePatterns().join(QLatin1Char(' '))));
    dialog->setObjectName(QStringLiteral("openStackDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        m_settings->setValue(kOpenFolderKey, QFileInfo(paths.value(0)).absolutePath());
        m_loader->openAsStack(paths);
    });
    dialog->open();
}

void ImageOpening::openFound(const QString& folder, const QStringList& files) {
    if (files.size() <= kManyImages) {
        openAll(folder, files);
        return;
    }
    auto* question = new QMessageBox(
        QMessageBox::Question, tr("Open %1 images?").arg(files.size()),
        tr("The folder “%1” holds %2 images.").arg(QDir(folder).dirName()).arg(files.size()),
        QMessageBox::Cancel, m_window);
    question->setObjectName(QStringLiteral("folderQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(
        tr("Each can become a layer of its own, or all of them one stack "
           "where they have the same size, pixel type and channels."));
    auto* stack = question->addButton(tr("Open as One Stack"), QMessageBox::AcceptRole);
    stack->setObjectName(QStringLiteral("folderOpenStack"));
    auto* all = question->addButton(tr("Open All"), QMessageBox::AcceptRole);
    all->setObjectName(QStringLiteral("folderOpenAll"));
    connect(stack, &QPushButton::clicked, this, [this, folder, files] {
        Q_EMIT folderOpened(folder);
        m_loader->openAsStack(files);
    });
    connect(all, &QPushButton::clicked, this, [this, folder, files] { openAll(folder, files); });
    question->open();
}

void ImageOpening::openAll(const QString& folder, const QStringList& files) {
    Q_EMIT folderOpened(folder);
    m_ofFolders.unite(QSet<QString>(files.begin(), files.end()));
    m_loader->open(files);
}

}  // namespace posteria::ui::shell
