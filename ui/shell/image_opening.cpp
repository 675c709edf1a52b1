#include "ui/shell/image_opening.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>

#include "ui/model/image_files.h"
#include "ui/shell/file_drop.h"

namespace posteria::ui::shell {

namespace {

image::StackPtr stackOf(const QImage& picture) {
    const bool gray = picture.allGray();
    const auto pixels =
        picture.convertToFormat(gray ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    image::StackInfo info;
    info.name = "clipboard";
    info.type = image::PixelType::UInt8;
    info.shape = {1, gray ? 1 : 3, 1, pixels.height(), pixels.width()};
    if (!gray) info.channels = {{"red", 0xff0000}, {"green", 0x00ff00}, {"blue", 0x0000ff}};
    std::vector<image::Plane> planes;
    for (int c = 0; c < info.shape.c; ++c) {
        void* memory = nullptr;
        planes.push_back(
            image::Plane::allocate(info.type, pixels.width(), pixels.height(), &memory));
        auto* to = static_cast<uchar*>(memory);
        for (int y = 0; y < pixels.height(); ++y) {
            const uchar* from = pixels.constScanLine(y) + c;
            for (int x = 0; x < pixels.width(); ++x)
                *to++ = from[x * info.shape.c];
        }
    }
    return image::makeMemoryStack(std::move(info), std::move(planes));
}

}  // namespace

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

void ImageOpening::openClipboard() {
    const QMimeData* data = QApplication::clipboard()->mimeData();
    const auto paths = localFiles(data);
    if (!paths.isEmpty()) return Q_EMIT openRequested(paths);
    const auto picture = data->hasImage() ? data->imageData().value<QImage>() : QImage();
    if (picture.isNull())
        Q_EMIT warned(tr("The clipboard holds no picture and no file."));
    else
        m_document->addImage(stackOf(picture), tr("clipboard"));
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
