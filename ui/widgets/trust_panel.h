// The dock "can I trust this?": what the run in view says of itself, a light a question, with the
// figures and what to do. Follows one Document. GUI thread only.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/model/document.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace posteria::ui::widgets {

class TrustPanel : public QWidget {
    Q_OBJECT
  public:
    explicit TrustPanel(Document* document, QWidget* parent = nullptr);

  Q_SIGNALS:
    void residualRequested();  // the map, as a layer

  private:
    void follow();
    void refresh();
    QWidget* row(const posterior::TrustLight& light);

    Document* m_document;
    QPointer<Run> m_run;
    QLabel* m_verdict;
    QPushButton* m_residual;
    QVBoxLayout* m_rows;
};

}  // namespace posteria::ui::widgets
