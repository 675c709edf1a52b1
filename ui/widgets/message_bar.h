// Messages that stay until they are read: one sentence, a hint, and Close. Several wait in line;
// the same text twice is shown once. Errors are shown before everything else.
#pragma once

#include <QFrame>
#include <QString>
#include <vector>

class QLabel;
class QPushButton;

namespace posteria::ui::widgets {

class MessageBar : public QFrame {
    Q_OBJECT
  public:
    enum class Severity { Information, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr);

    void post(Severity severity, const QString& message, const QString& hint = {});
    QString message() const;  // the one on display; empty when there is none
    QString hint() const;
    int count() const { return int(m_messages.size()); }

  public Q_SLOTS:
    void closeCurrent();

  protected:
    void changeEvent(QEvent* event) override;  // the theme's

  private:
    struct Message {
        Severity severity;
        QString text, hint;
    };
    void update();
    void showIcon();

    std::vector<Message> m_messages;
    QLabel *m_icon, *m_text, *m_hint, *m_more;
    QPushButton* m_close;
};

}  // namespace posteria::ui::widgets
