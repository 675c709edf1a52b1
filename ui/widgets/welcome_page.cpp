#include "ui/widgets/welcome_page.h"

#include <QAction>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/version.h"
#include "ui/widgets/icons.h"

namespace posteria::ui::widgets {

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("welcomePage"));
    setAttribute(Qt::WA_StyledBackground);

    auto* logo = new QLabel(this);
    logo->setPixmap(applicationIcon().pixmap(64, 64));
    auto* name = new QLabel(QStringLiteral("Posteria"), this);
    QFont large = font();
    large.setPointSizeF(22);
    name->setFont(large);
    auto* about = new QLabel(tr("Restores microscopy images and shows how sure it is · version %1")
                                 .arg(QLatin1String(kVersion)),
                             this);
    auto* invitation = new QLabel(tr("Drag file(s) here to open, or use shortcuts below:"), this);
    for (auto* label : {about, invitation})
        label->setProperty("rank", QStringLiteral("second"));

    auto* open = new QPushButton(tr("Open…"), this);
    open->setObjectName(QStringLiteral("welcomeOpen"));
    open->setProperty("accent", true);
    m_sample = new QPushButton(tr("Open a sample"), this);
    m_sample->setObjectName(QStringLiteral("welcomeSample"));
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(m_sample, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
    auto* batch = new QPushButton(tr("Restore many files…"), this);
    batch->setObjectName(QStringLiteral("welcomeBatch"));
    connect(batch, &QPushButton::clicked, this, &WelcomePage::batchRequested);
    m_tour = new QPushButton(tr("Take the tour"), this);
    m_tour->setObjectName(QStringLiteral("welcomeTour"));
    connect(m_tour, &QPushButton::clicked, this, &WelcomePage::tourRequested);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    buttons->addWidget(open);
    buttons->addWidget(m_sample);
    buttons->addWidget(batch);
    buttons->addWidget(m_tour);
    buttons->addStretch();

    auto* keys = m_keys = new QGridLayout;
    keys->setHorizontalSpacing(16);
    keys->setVerticalSpacing(7);
    auto* keysRow = new QHBoxLayout;
    keysRow->addStretch();
    keysRow->addLayout(keys);
    keysRow->addStretch();

    auto* column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addStretch(3);
    for (auto* label : {logo, name, about})
        column->addWidget(label, 0, Qt::AlignHCenter);
    column->addSpacing(18);
    column->addLayout(buttons);
    column->addSpacing(18);
    column->addWidget(invitation, 0, Qt::AlignHCenter);
    column->addLayout(keysRow);
    column->addStretch(4);
}

void WelcomePage::showKeys(const std::vector<std::pair<const QAction*, QString>>& commands) {
    const auto add = [this](const QString& what) {
        const int line = m_keys->count() / 2;
        auto* keys = new QLabel(this);
        auto* meaning = new QLabel(what, this);
        meaning->setProperty("rank", QStringLiteral("second"));
        m_keys->addWidget(keys, line, 0, Qt::AlignRight);
        m_keys->addWidget(meaning, line, 1, Qt::AlignLeft);
        return keys;
    };
    for (const auto& [action, what] : commands) {
        auto* keys = add(what);
        const auto tell = [keys, action = action] {
            keys->setText(action->shortcut().toString(QKeySequence::NativeText));
        };
        connect(action, &QAction::changed, keys, tell);
        tell();
    }
    add(tr("hold to see the input"))->setText(QStringLiteral("H"));
}

void WelcomePage::setSampleAvailable(bool available) {
    m_sample->setVisible(available);
    m_tour->setVisible(available);
}

}  // namespace posteria::ui::widgets
