#include "ui/widgets/overlay_controls.h"

#include <QAction>
#include <QCheckBox>
#include <QColorDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/model/colormaps.h"

namespace posteria::ui::widgets {

namespace {

using Tool = ViewState::Tool;

QIcon swatch(const QColor& color) {
    QPixmap picture(28, 12);
    picture.fill(color);
    return QIcon(picture);
}

QString rounded(double value) {
    return QString::number(value, 'g', 4);
}

}  // namespace

std::vector<Tool> OverlayControls::toolsOf(Layer::Role role) {
    switch (role) {
        case Layer::Role::Shapes:
            return {Tool::Pan,     Tool::Select,  Tool::Rectangle,
                    Tool::Ellipse, Tool::Segment, Tool::Polygon};
        case Layer::Role::Points:
            return {Tool::Pan, Tool::Select, Tool::Point};
        case Layer::Role::Labels:
            return {Tool::Pan, Tool::Paint, Tool::Erase, Tool::Fill, Tool::Pick};
        default:
            return {Tool::Pan, Tool::Line};
    }
}

OverlayControls::OverlayControls(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("overlayControls"));
    build();
    connect(document, &Document::selectionChanged, this, &OverlayControls::follow);
    follow();
}

void OverlayControls::build() {
    m_name = new QLabel(this);
    m_name->setProperty("rank", QStringLiteral("head"));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_toolRow = new QWidget(this);
    auto* tools = new QHBoxLayout(m_toolRow);
    tools->setContentsMargins(0, 0, 0, 0);
    tools->setSpacing(2);
    tools->addStretch();

    const auto rows = [this](QWidget* box) {
        auto* form = new QFormLayout(box);
        form->setContentsMargins(0, 0, 0, 0);
        form->setHorizontalSpacing(10);
        form->setVerticalSpacing(6);
        form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
        return form;
    };
    const auto caption = [](QFormLayout* form, const QString& text, QWidget* field) {
        form->addRow(text, field);
        auto* label = static_cast<QLabel*>(form->labelForField(field));
        label->setProperty("rank", QStringLiteral("second"));
        return label;
    };
    const auto spin = [this](const char* name, int low, int high) {
        auto* box = new QSpinBox(this);
        box->setObjectName(QLatin1String(name));
        box->setRange(low, high);
        box->setKeyboardTracking(false);
        return box;
    };
    const auto check = [this](const char* name, const QString& text) {
        auto* box = new QCheckBox(text, this);
        box->setObjectName(QLatin1String(name));
        return box;
    };

    auto* common = new QWidget(this);
    auto* commonForm = rows(common);
    auto* opacity = new QWidget(common);
    auto* opacityRow = new QHBoxLayout(opacity);
    opacityRow->setContentsMargins(0, 0, 0, 0);
    m_opacity = new QSlider(Qt::Horizontal, opacity);
    m_opacity->setObjectName(QStringLiteral("overlayOpacity"));
    m_opacity->setAccessibleName(tr("Opacity"));
    m_opacity->setRange(0, 100);
    m_opacityValue = new QLabel(opacity);
    m_opacityValue->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.00")) + 4);
    opacityRow->addWidget(m_opacity);
    opacityRow->addWidget(m_opacityValue);
    caption(commonForm, tr("opacity"), opacity);

    m_markRows = new QWidget(this);
    auto* marks = rows(m_markRows);
    m_color = new QPushButton(this);
    m_color->setObjectName(QStringLiteral("markColor"));
    m_color->setIconSize(QSize(28, 12));
    caption(marks, tr("colour"), m_color);
    m_size = spin("markSize", 1, 60);
    m_size->setSuffix(tr(" px"));
    m_sizeLabel = caption(marks, tr("size"), m_size);
    m_everySlice = check("everySlice", tr("in every slice"));
    m_everySlice->setToolTip(tr("Otherwise only where they were drawn"));
    m_numbers = check("markNumbers", tr("numbers"));
    marks->addRow(m_everySlice);
    marks->addRow(m_numbers);
    m_measures = new QLabel(this);
    m_measures->setObjectName(QStringLiteral("markMeasures"));
    m_measures->setProperty("rank", QStringLiteral("second"));
    m_measures->setWordWrap(true);
    marks->addRow(m_measures);

    m_labelRows = new QWidget(this);
    auto* labels = rows(m_labelRows);
    auto* label = new QWidget(this);
    auto* labelRow = new QHBoxLayout(label);
    labelRow->setContentsMargins(0, 0, 0, 0);
    m_label = spin("labelNumber", 1, 1 << 30);
    m_label->setAccessibleName(tr("Label"));
    m_swatch = new QLabel(label);
    labelRow->addWidget(m_label, 1);
    labelRow->addWidget(m_swatch);
    caption(labels, tr("label"), label);
    m_brush = spin("brushSize", 1, 400);
    m_brush->setSuffix(tr(" px"));
    caption(labels, tr("brush"), m_brush);
    m_outlines = check("labelOutlines", tr("outlines"));
    m_onlyOne = check("onlyOneLabel", tr("this label only"));
    labels->addRow(m_outlines);
    labels->addRow(m_onlyOne);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 10);
    column->setSpacing(8);
    column->addWidget(m_name);
    column->addWidget(m_toolRow);
    column->addWidget(common);
    column->addWidget(m_markRows);
    column->addWidget(m_labelRows);
    column->addStretch();

    connect(m_opacity, &QSlider::valueChanged, this, [this](int value) {
        if (m_layer) m_layer->setOpacity(value / 100.0);
    });
    connect(m_color, &QPushButton::clicked, this, &OverlayControls::chooseColor);
    connect(m_size, qOverload<int>(&QSpinBox::valueChanged), this, [this](int value) {
        const bool points = m_layer && m_layer->role() == Layer::Role::Points;
        if (points)
            changeStyle([](MarkStyle& s, int v) { s.size = v; }, value);
        else
            changeStyle([](MarkStyle& s, int v) { s.width = v; }, value);
    });
    connect(m_everySlice, &QCheckBox::toggled, this,
            [this](bool on) { changeStyle([](MarkStyle& s, int v) { s.everySlice = v; }, on); });
    connect(m_numbers, &QCheckBox::toggled, this,
            [this](bool on) { changeStyle([](MarkStyle& s, int v) { s.numbers = v; }, on); });
    connect(m_label, qOverload<int>(&QSpinBox::valueChanged), this, [this](int value) {
        if (m_labels) m_labels->setLabel(value);
    });
    connect(m_brush, qOverload<int>(&QSpinBox::valueChanged), this, [this](int value) {
        if (m_labels) m_labels->setBrush(value);
    });
    connect(m_outlines, &QCheckBox::toggled, this,
            [this](bool on) { changeLabels([](LabelStyle& s, bool v) { s.outlines = v; }, on); });
    connect(m_onlyOne, &QCheckBox::toggled, this,
            [this](bool on) { changeLabels([](LabelStyle& s, bool v) { s.onlyOne = v; }, on); });
}

void OverlayControls::setTools(const std::vector<std::pair<Tool, QAction*>>& tools) {
    auto* row = static_cast<QHBoxLayout*>(m_toolRow->layout());
    for (const auto& [tool, action] : tools) {
        auto* button = new QToolButton(m_toolRow);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        row->insertWidget(row->count() - 1, button);
        m_tools.emplace_back(tool, button);
    }
    refresh();
}

void OverlayControls::changeStyle(void (*edit)(MarkStyle&, int value), int value) {
    if (!m_marks) return;
    auto style = m_marks->style();
    edit(style, value);
    m_marks->setStyle(style);
}

void OverlayControls::changeLabels(void (*edit)(LabelStyle&, bool on), bool on) {
    if (!m_labels) return;
    auto style = m_labels->style();
    edit(style, on);
    m_labels->setStyle(style);
}

void OverlayControls::chooseColor() {
    if (!m_marks) return;
    auto* dialog = new QColorDialog(m_marks->style().color, this);
    dialog->setObjectName(QStringLiteral("markColorDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& color) {
        if (!m_marks) return;
        auto style = m_marks->style();
        style.color = color;
        m_marks->setStyle(style);
    });
    dialog->open();
}

void OverlayControls::follow() {
    if (m_layer) disconnect(m_layer, nullptr, this, nullptr);
    m_layer = m_document->selected();
    m_marks = qobject_cast<MarkLayer*>(m_layer.data());
    m_labels = qobject_cast<LabelsLayer*>(m_layer.data());
    if (m_layer) {
        connect(m_layer, &Layer::displayChanged, this, &OverlayControls::refresh);
        connect(m_layer, &Layer::nameChanged, this, &OverlayControls::refresh);
    }
    if (m_marks) {
        connect(m_marks, &MarkLayer::marksChanged, this, &OverlayControls::showMeasures);
        connect(m_marks, &MarkLayer::selectedMarkChanged, this, &OverlayControls::showMeasures);
    }
    if (m_labels) connect(m_labels, &LabelsLayer::toolChanged, this, &OverlayControls::refresh);
    refresh();
}

void OverlayControls::refresh() {
    m_markRows->setVisible(m_marks);
    m_labelRows->setVisible(m_labels);
    const auto offered = toolsOf(m_layer ? m_layer->role() : Layer::Role::Image);
    for (const auto& [tool, button] : m_tools)
        button->setVisible(std::find(offered.begin(), offered.end(), tool) != offered.end());
    if (!m_layer || !m_layer->isOverlay()) return;
    m_name->setText(m_layer->name());
    const QSignalBlocker quiet[] = {
        QSignalBlocker(m_opacity), QSignalBlocker(m_size),     QSignalBlocker(m_everySlice),
        QSignalBlocker(m_numbers), QSignalBlocker(m_label),    QSignalBlocker(m_brush),
        QSignalBlocker(m_onlyOne), QSignalBlocker(m_outlines),
    };
    m_opacity->setValue(int(m_layer->opacity() * 100 + 0.5));
    m_opacityValue->setText(QString::number(m_layer->opacity(), 'f', 2));
    if (m_marks) {
        const auto& style = m_marks->style();
        const bool points = m_layer->role() == Layer::Role::Points;
        m_color->setIcon(swatch(style.color));
        m_color->setText(style.color.name());
        m_sizeLabel->setText(points ? tr("size") : tr("line width"));
        m_size->setValue(int(points ? style.size : style.width + 0.5));
        m_everySlice->setChecked(style.everySlice);
        m_numbers->setChecked(style.numbers);
        showMeasures();
    }
    if (m_labels) {
        m_label->setValue(m_labels->label());
        m_brush->setValue(m_labels->brush());
        m_outlines->setChecked(m_labels->style().outlines);
        m_onlyOne->setChecked(m_labels->style().onlyOne);
        m_swatch->setPixmap(
            swatch(QColor(labelColor(std::uint64_t(m_labels->label())))).pixmap(28, 12));
    }
}

void OverlayControls::showMeasures() {
    if (!m_marks) return;
    const auto& marks = m_marks->marks();
    const int chosen = m_marks->selectedMark();
    if (chosen < 0) {
        m_measures->setText(tr("%n in all", nullptr, int(marks.size())));
        return;
    }
    const Mark& mark = marks[std::size_t(chosen)];
    const QString unit = m_document->view().unit();
    QString text;
    switch (mark.kind) {
        case Mark::Kind::Point:
            text = tr("x %1, y %2 %3")
                       .arg(rounded(mark.points[0].x()), rounded(mark.points[0].y()), unit);
            break;
        case Mark::Kind::Line:
            text = tr("length %1 %2").arg(rounded(lengthOf(mark)), unit);
            break;
        default:
            text = tr("area %1 %3², perimeter %2 %3")
                       .arg(rounded(areaOf(mark)), rounded(lengthOf(mark)), unit);
    }
    m_measures->setText(tr("%1 of %2: %3").arg(chosen + 1).arg(marks.size()).arg(text));
}

}  // namespace posteria::ui::widgets
