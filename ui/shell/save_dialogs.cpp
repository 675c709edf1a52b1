#include "ui/shell/save_dialogs.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <utility>

#include "ui/shell/session_files.h"

namespace posteria::ui::shell {

namespace {
const auto kFolderKey = QStringLiteral("folders/save");
}

SaveDialogs::SaveDialogs(ResultWriter* writer, QSettings* settings, QWidget* window)
    : QObject(window), m_writer(writer), m_settings(settings), m_window(window) {}

QString SaveDialogs::startFolder() const {
    const auto last = m_settings->value(kFolderKey).toString();
    if (!last.isEmpty() && QFileInfo(last).isDir()) return last;
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

void SaveDialogs::askForFile(const QString& title, const QString& name, const QString& filter,
                             std::function<void(const QString&)> then) {
    auto* dialog = new QFileDialog(m_window, title, startFolder(), filter);
    dialog->setObjectName(QStringLiteral("saveDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(name);
    // The name's ending follows the kind that is chosen.
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& kind) {
        const auto ending = kind.section(QStringLiteral("*."), 1).section(QLatin1Char(')'), 0, 0);
        const auto chosen = dialog->selectedFiles();
        if (ending.isEmpty() || chosen.isEmpty()) return;
        const QFileInfo file(chosen.first());
        if (!file.isDir()) dialog->selectFile(file.completeBaseName() + QLatin1Char('.') + ending);
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, then = std::move(then)](const QString& path) {
                m_settings->setValue(kFolderKey, QFileInfo(path).absolutePath());
                then(path);
            });
    dialog->open();
}

void SaveDialogs::saveResult(const Run& run, ResultWriter::Result result) {
    auto file = ResultWriter::file(run, result, {});
    if (file.series.empty()) return;
    askForFile(tr("Save"), ResultWriter::fileName(run, result), tr("OME-TIFF (*.ome.tif)"),
               [this, file = std::move(file)](const QString& path) mutable {
                   file.path = path;
                   m_writer->write({file});
               });
}

void SaveDialogs::saveImage(const image::StackPtr& stack, const QString& name) {
    auto file = QFileInfo(name).completeBaseName();
    if (file.endsWith(QLatin1String(".ome"))) file.chop(4);
    askForFile(tr("Save"), file + QStringLiteral(".ome.tif"), tr("OME-TIFF (*.ome.tif)"),
               [this, stack](const QString& path) {
                   m_writer->write({{path, {stack}, {}, {}}});
               });
}

void SaveDialogs::saveMarks(const QString& name, const QByteArray& table) {
    askForFile(tr("Save"), name + QStringLiteral(".csv"), tr("Table (*.csv)"),
               [this, table](const QString& path) {
                   QSaveFile file(path);
                   if (file.open(QIODevice::WriteOnly) && file.write(table) == table.size() &&
                       file.commit())
                       Q_EMIT saved(path);
                   else
                       Q_EMIT failed(tr("%1 could not be written.").arg(path),
                                     tr("Choose another folder."));
               });
}

void SaveDialogs::saveAll(const Run& run) {
    const auto files = ResultWriter::allFiles(run);
    if (files.empty()) return;
    auto* dialog = new QFileDialog(m_window, tr("Save all results in a folder"), startFolder());
    dialog->setObjectName(QStringLiteral("saveDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this, files](const QString& folder) {
        m_settings->setValue(kFolderKey, folder);
        auto placed = files;
        for (auto& file : placed)
            file.path = QDir(folder).filePath(file.path);
        const bool exists = std::any_of(placed.begin(), placed.end(),
                                        [](const auto& f) { return QFileInfo::exists(f.path); });
        if (!exists) {
            m_writer->write(placed);
            return;
        }
        auto* question = new QMessageBox(QMessageBox::Question, tr("Replace results?"),
                                         tr("This folder already has results of this image."),
                                         QMessageBox::Cancel, m_window);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setInformativeText(QDir::toNativeSeparators(folder));
        auto* replace = question->addButton(tr("Replace"), QMessageBox::AcceptRole);
        connect(replace, &QPushButton::clicked, this, [this, placed] { m_writer->write(placed); });
        question->open();
    });
    dialog->open();
}

void SaveDialogs::saveScreenshot(std::function<QImage()> grab) {
    askForFile(tr("Save the screenshot"), QStringLiteral("posteria.png"), tr("PNG (*.png)"),
               [this, grab = std::move(grab)](QString path) {
                   if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".png");
                   if (grab().save(path))
                       Q_EMIT saved(path);
                   else
                       Q_EMIT failed(tr("%1: the screenshot could not be written.").arg(path),
                                     tr("Choose another folder."));
               });
}

void SaveDialogs::saveSession(std::function<void(const QString&)> write) {
    askForFile(tr("Save the session"), QStringLiteral("session.posteria-session"),
               tr("Session (*.posteria-session)"), [write = std::move(write)](QString path) {
                   if (!SessionFiles::isSession(path)) path += QStringLiteral(".posteria-session");
                   write(path);
               });
}

void SaveDialogs::saveFigure(std::function<void(const QString&)> write) {
    askForFile(tr("Export the figure"), QStringLiteral("figure.png"),
               tr("Picture (*.png);;PDF (*.pdf);;Vector picture (*.svg)"),
               [this, write = std::move(write)](QString path) {
                   const QString kind = QFileInfo(path).suffix().toLower();
                   if (kind.isEmpty()) path += QStringLiteral(".png");
                   if (QStringList{"", "png", "pdf", "svg"}.contains(kind))
                       write(path);
                   else
                       Q_EMIT failed(tr("%1: figures are written as PNG, PDF or SVG.").arg(path),
                                     tr("Let the file's name end in .png, .pdf or .svg."));
               });
}

void SaveDialogs::saveMovie(viewer::MovieWriter::Kind kind,
                            std::function<void(const QString&)> write) {
    if (kind == viewer::MovieWriter::Kind::Pictures) {
        askForFile(tr("Name a new folder for the pictures"), QStringLiteral("movie"),
                   tr("Folder of pictures (*)"), std::move(write));
        return;
    }
    askForFile(tr("Export the movie"), QStringLiteral("movie.avi"), tr("Video (*.avi)"),
               [this, write = std::move(write)](QString path) {
                   const bool ends = QFileInfo(path).suffix().toLower() == QLatin1String("avi");
                   if (!ends) path += QStringLiteral(".avi");
                   // The dialog has asked about the name without its ending.
                   if (!ends && QFileInfo::exists(path))
                       Q_EMIT failed(tr("%1: there is a movie of this name already.").arg(path),
                                     tr("Choose another name."));
                   else
                       write(path);
               });
}

void SaveDialogs::savePlot(std::function<bool(const QString&)> save) {
    askForFile(tr("Save the plot"), QStringLiteral("plot.png"),
               tr("Picture (*.png);;Vector picture (*.svg);;Values (*.csv)"),
               [this, save = std::move(save)](QString path) {
                   if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".png");
                   if (save(path))
                       Q_EMIT saved(path);
                   else
                       Q_EMIT failed(tr("%1: the plot could not be written.").arg(path),
                                     tr("Choose another folder."));
               });
}

}  // namespace posteria::ui::shell
