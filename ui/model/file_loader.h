// Opens files off the GUI thread, one after the other, and reads the first plane of each, so that a
// damaged file is reported before it becomes a layer. GUI thread only; a cancelled file is dropped.
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

using OpenFunction = std::function<std::vector<image::StackPtr>(const std::string& path)>;

class FileLoader : public QObject {
    Q_OBJECT
  public:
    explicit FileLoader(OpenFunction open, QObject* parent = nullptr);
    ~FileLoader() override;  // waits for the read under way

    void open(const QStringList& paths);
    void cancel();  // forgets the file being read and those that wait
    bool isBusy() const { return !m_current.isEmpty(); }
    QString currentPath() const { return m_current; }

  Q_SIGNALS:
    void busyChanged(bool busy);
    void opened(const QString& path, const std::vector<posteria::image::StackPtr>& series);
    void failed(const QString& path, const QString& message, const QString& hint);

  private:
    struct Result;
    void next();
    void done(const CancelToken& token, const Result& result);

    OpenFunction m_open;
    QStringList m_waiting;
    QString m_current;
    CancelToken m_token;
    // A second thread, so that a file that was given up does not hold up the next one.
    StandingPool m_pool{2};
};

}  // namespace posteria::ui
