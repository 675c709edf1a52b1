// Opens files off the GUI thread, one after the other, and reads the first plane of each, so that a
// damaged file is reported before it becomes a layer. Several files can be opened as one stack,
// which is lazy like any other. Folders that are no image are looked through for images where that
// is wished for. GUI thread only; what is cancelled is dropped.
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/image/stack.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

// Called from several threads at once; also when planes of files opened as one stack are read.
using OpenFunction = std::function<std::vector<image::StackPtr>(const std::string& path)>;

class FileLoader : public QObject {
    Q_OBJECT
  public:
    explicit FileLoader(OpenFunction open, QObject* parent = nullptr);
    ~FileLoader() override;  // waits for the read under way

    // Instead of an error, folderFound() for a folder that is no image but holds some.
    void setLooksIntoFolders(bool looks) { m_looksIntoFolders = looks; }
    void open(const QStringList& paths);
    // As one stack, in natural order of their paths, joined as image::Concatenation says; of a file
    // with several series the first. A folder that is no image stands for the images in it.
    void openAsStack(const QStringList& paths);
    void cancel();  // forgets what is being read and what waits
    bool isBusy() const { return m_busy; }
    QString currentName() const;  // of what is being opened, for the user

  Q_SIGNALS:
    void busyChanged(bool busy);
    void progress(double fraction);  // of opening a stack of files
    void opened(const QString& path, const std::vector<posteria::image::StackPtr>& series);
    void stackOpened(const posteria::image::StackPtr& stack);
    // files: the images in it, in natural order; at least one.
    void folderFound(const QString& folder, const QStringList& files);
    void failed(const QString& path, const QString& message, const QString& hint);

  private:
    struct Job {
        QStringList paths;  // one unless asStack
        bool asStack = false;
    };
    struct Result;
    void enqueue(Job job);
    void next();
    void done(const CancelToken& token, const Result& result);
    // On a thread of the pool.
    static void openOne(const OpenFunction& open, bool looksIntoFolders, Result* result);
    void openStack(const CancelToken& token, Result* result);

    OpenFunction m_open;
    bool m_looksIntoFolders = false, m_busy = false;
    std::vector<Job> m_waiting;
    Job m_current;
    CancelToken m_token;
    // A second thread, so that a file that was given up does not hold up the next one.
    StandingPool m_pool{2};
};

}  // namespace posteria::ui
