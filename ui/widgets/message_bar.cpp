#include "ui/widgets/message_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/icons.h"

namespace posteria::ui::widgets {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_hint(new QLabel(this)),
      m_more(new QLabel(this)),
      m_close(new QPushButton(tr("Close"), this)) {
    setObjectName(QStringLiteral("messageBar"));
    m_text->setObjectName(QStringLiteral("messageText"));
    m_hint->setObjectName(QStringLiteral("messageHint"));
    m_close->setObjectName(QStringLiteral("messageClose"));
    m_hint->setProperty("rank", QStringLiteral("second"));
    m_more->setProperty("rank", QStringLiteral("second"));
    for (auto* label : {m_text, m_hint}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    texts->addWidget(m_text);
    texts->addWidget(m_hint);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 10, 8);
    row->setSpacing(10);
    row->addWidget(m_icon, 0, Qt::AlignVCenter);
    row->addLayout(texts, 1);
    row->addWidget(m_more);
    row->addWidget(m_close, 0, Qt::AlignVCenter);
    connect(m_close, &QPushButton::clicked, this, &MessageBar::closeCurrent);
    hide();
}

void MessageBar::post(Severity severity, const QString& message, const QString& hint) {
    const bool known = std::any_of(m_messages.begin(), m_messages.end(), [&](const Message& m) {
        return m.text == message && m.hint == hint;
    });
    if (known) return;
    const auto place = std::find_if(m_messages.begin(), m_messages.end(),
                                    [&](const Message& m) { return m.severity < severity; });
    m_messages.insert(place, {severity, message, hint});
    update();
}

QString MessageBar::message() const {
    return m_messages.empty() ? QString() : m_messages.front().text;
}

QString MessageBar::hint() const {
    return m_messages.empty() ? QString() : m_messages.front().hint;
}

void MessageBar::closeCurrent() {
    if (!m_messages.empty()) m_messages.erase(m_messages.begin());
    update();
}

void MessageBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) showIcon();
    QFrame::changeEvent(event);
}

void MessageBar::showIcon() {
    const bool information =
        !m_messages.empty() && m_messages.front().severity == Severity::Information;
    m_icon->setPixmap(icon(information ? Symbol::Info : Symbol::Warning).pixmap(18, 18));
}

void MessageBar::update() {
    setVisible(!m_messages.empty());
    if (m_messages.empty()) return;
    const auto& current = m_messages.front();
    const bool information = current.severity == Severity::Information;
    m_text->setText(current.text);
    m_hint->setText(current.hint);
    m_hint->setVisible(!current.hint.isEmpty());
    m_more->setText(m_messages.size() > 1 ? tr("1 of %1").arg(m_messages.size()) : QString());
    showIcon();
    setProperty("severity", current.severity == Severity::Error ? QStringLiteral("error")
                            : information                       ? QStringLiteral("information")
                                                                : QStringLiteral("warning"));
    style()->unpolish(this);
    style()->polish(this);
}

}  // namespace posteria::ui::widgets
