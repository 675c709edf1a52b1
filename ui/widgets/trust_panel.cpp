#include "ui/widgets/trust_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/trust_words.h"

namespace posteria::ui::widgets {

namespace {

using posterior::Trust;
using posterior::TrustLight;

// Told apart by shape as well, for eyes that see no colours: a disc, a triangle, a square.
class Lamp : public QWidget {
  public:
    Lamp(Trust state, QWidget* parent) : QWidget(parent), m_state(state) {
        setFixedSize(18, 18);
        setAccessibleName(QString::fromLatin1(posterior::trustWord(state)));
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter p(this);
        p.setRenderHint(QPainter::Antialiasing);
        p.setPen(Qt::NoPen);
        p.setBrush(trustColor(m_state));
        const QRectF r(3, 3, 12, 12);
        if (m_state == Trust::Amber)
            p.drawPolygon(QPolygonF{r.bottomLeft(), {r.center().x(), r.top()}, r.bottomRight()});
        else if (m_state == Trust::Red)
            p.drawRect(r);
        else
            p.drawEllipse(m_state == Trust::Unknown ? r.adjusted(3, 3, -3, -3) : r);
    }

  private:
    Trust m_state;
};

QLabel* words(const QString& text, QWidget* parent, bool second = false) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (second) label->setProperty("rank", QStringLiteral("second"));
    return label;
}

}  // namespace

TrustPanel::TrustPanel(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("trustPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 10);
    column->setSpacing(8);
    m_verdict = words({}, this);
    m_verdict->setObjectName(QStringLiteral("trustVerdict"));
    column->addWidget(m_verdict);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(10);
    column->addLayout(m_rows);
    m_residual = new QPushButton(tr("Show the Residual"), this);
    m_residual->setObjectName(QStringLiteral("trustResidual"));
    m_residual->setToolTip(tr("What the result, degraded again, leaves of the input: a map"));
    connect(m_residual, &QPushButton::clicked, this, &TrustPanel::residualRequested);
    column->addWidget(m_residual, 0, Qt::AlignLeft);
    column->addStretch();
    connect(document, &Document::activeRunChanged, this, &TrustPanel::follow);
    follow();
}

void TrustPanel::follow() {
    Run* run = m_document->activeRun();
    if (run != m_run) {
        if (m_run) disconnect(m_run, nullptr, this, nullptr);
        m_run = run;
        if (run) connect(run, &Run::stateChanged, this, &TrustPanel::refresh);
    }
    refresh();
}

void TrustPanel::refresh() {
    while (auto* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const bool told = m_run && m_run->report();
    m_residual->setVisible(told && m_run->snapshot() && m_run->snapshot()->residual);
    if (!told) {
        m_verdict->setText(m_run && m_run->state() == Run::State::Running
                               ? tr("The run is judged when it has ended.")
                               : tr("Restore an image: when the run has ended, what speaks for "
                                    "and against its result is told here."));
        return;
    }
    auto lights = posterior::trustLights(m_run->report()->trust);
    m_verdict->setText(trustText(lights));
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_verdict->setFont(bold);
    // What needs attention comes first.
    std::stable_sort(lights.begin(), lights.end(),
                     [](const auto& a, const auto& b) { return a.state > b.state; });
    for (const auto& light : lights)
        m_rows->addWidget(row(light));
}

QWidget* TrustPanel::row(const TrustLight& light) {
    auto* box = new QWidget(this);
    box->setObjectName(QStringLiteral("trust:") + QString::fromStdString(light.id));
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(new Lamp(light.state, box), 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    auto* title = words(QString::fromStdString(light.title), box);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    texts->addWidget(title);
    texts->addWidget(words(QString::fromStdString(light.finding), box, true));
    if (!light.advice.empty()) {
        auto* advice = words(tr("▸ %1").arg(QString::fromStdString(light.advice)), box);
        advice->setObjectName(QStringLiteral("trustAdvice"));
        texts->addWidget(advice);
    }
    line->addLayout(texts, 1);
    return box;
}

}  // namespace posteria::ui::widgets
