#include "ui/shell/doubt_menu.h"

#include <QActionGroup>
#include <algorithm>

namespace posteria::ui::shell {

namespace {

using Mode = DoubtLens::Mode;

constexpr double kSmallest = 20, kLargest = 300;  // radius, logical pixels

}  // namespace

DoubtMenu::DoubtMenu(viewer::Canvas* canvas, Document* document, QMenu* view, QAction* before,
                     QObject* parent)
    : QObject(parent), m_canvas(canvas), m_lens(document), m_contours(document) {
    auto* menu = new QMenu(tr("Lens"), view);
    menu->setObjectName(QStringLiteral("menuLens"));
    view->insertMenu(before, menu);
    const auto add = [](QMenu* to, const char* name, const QString& text,
                        const QKeySequence& keys = {}) {
        auto* action = to->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        return action;
    };
    auto* group = new QActionGroup(this);
    const auto mode = [&](const char* name, const QString& text, Mode which) {
        auto* action = add(menu, name, text);
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, which] { m_lens.setMode(which); });
        m_modes.push_back(action);
    };
    mode("actionLensOff", tr("Off"), Mode::Off);
    mode("actionLensSamples", tr("Samples, One after the Other"), Mode::Samples);
    mode("actionLensUncertainty", tr("Uncertainty"), Mode::Uncertainty);
    menu->addSeparator();
    auto* next = add(menu, "actionNextLens", tr("Next Lens"), QKeySequence(Qt::Key_D));
    connect(next, &QAction::triggered, this,
            [this] { m_lens.setMode(static_cast<Mode>((int(m_lens.mode()) + 1) % 3)); });
    m_round = add(menu, "actionLensRound", tr("Round"));
    m_round->setCheckable(true);
    m_round->setChecked(m_shape.round);
    connect(m_round, &QAction::toggled, this, [this](bool round) {
        m_shape.round = round;
        m_canvas->setLensShape(m_shape);
    });
    auto* larger =
        add(menu, "actionLensLarger", tr("Larger"), QKeySequence(Qt::ALT | Qt::Key_BracketRight));
    connect(larger, &QAction::triggered, this, [this] { resize(1.25); });
    auto* smaller =
        add(menu, "actionLensSmaller", tr("Smaller"), QKeySequence(Qt::ALT | Qt::Key_BracketLeft));
    connect(smaller, &QAction::triggered, this, [this] { resize(1 / 1.25); });
    m_contoursAction = new QAction(tr("Confidence Contours"), this);
    m_contoursAction->setObjectName(QStringLiteral("actionContours"));
    m_contoursAction->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_D));
    m_contoursAction->setCheckable(true);
    view->insertAction(before, m_contoursAction);
    connect(m_contoursAction, &QAction::toggled, &m_contours, &ConfidenceContours::setVisible);
    connect(&m_contours, &ConfidenceContours::visibleChanged, this, &DoubtMenu::refresh);
    connect(&m_contours, &ConfidenceContours::linesChanged, this,
            [this] { m_canvas->setContours(m_contours.lines()); });
    connect(&m_lens, &DoubtLens::changed, this, &DoubtMenu::refresh);
    refresh();
}

void DoubtMenu::refresh() {
    m_modes[std::size_t(m_lens.mode())]->setChecked(true);
    m_contoursAction->setChecked(m_contours.isVisible());
}

void DoubtMenu::resize(double factor) {
    m_shape.radius = std::clamp(m_shape.radius * factor, kSmallest, kLargest);
    m_canvas->setLensShape(m_shape);
}

}  // namespace posteria::ui::shell
