#include "ui/widgets/layer_controls.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/model/colormaps.h"
#include "ui/widgets/range_slider.h"

namespace posteria::ui::widgets {

namespace {

constexpr int kHistogramDelayMs = 120;
constexpr int kVisibleColormaps = 40;  // all of them, where the screen is high enough

QIcon colormapIcon(const QString& name) {
    const auto& table = colormap(name);
    QImage image(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i)
        image.setPixel(i, 0, table[std::size_t(i)]);
    return QIcon(QPixmap::fromImage(image.scaled(32, 12)));
}

QString number(double value) {
    return QString::number(value, 'g', 4);
}

QLabel* caption(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("rank", QStringLiteral("second"));
    return label;
}

}  // namespace

LayerControls::LayerControls(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("layerControls"));
    build();
    m_histogramDelay.setSingleShot(true);
    m_histogramDelay.setInterval(kHistogramDelayMs);
    connect(&m_histogramDelay, &QTimer::timeout, this, &LayerControls::askForHistogram);
    connect(&m_histograms, &HistogramProvider::ready, this, [this](const Histogram& histogram) {
        m_fullRange = histogram.range;
        m_contrast->setRange(histogram.range);
        m_contrast->setHistogram(histogram.heights);
        refresh();
    });
    connect(document, &Document::selectionChanged, this, &LayerControls::follow);
    auto& view = document->view();
    connect(&view, &ViewState::channelChanged, this, [this](int shown) {
        if (shown != ViewState::kComposite) {
            const QSignalBlocker quiet(m_channel);
            m_channel->setCurrentIndex(std::min(shown, m_channel->count() - 1));
        }
        refresh();
        m_histogramDelay.start();
    });
    connect(&view, &ViewState::tChanged, this, [this] { m_histogramDelay.start(); });
    connect(&view, &ViewState::zChanged, this, [this] { m_histogramDelay.start(); });
    follow();
}

void LayerControls::build() {
    m_name = new QLabel(this);
    m_name->setObjectName(QStringLiteral("layerName"));
    m_name->setProperty("rank", QStringLiteral("head"));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_channelLabel = caption(tr("channel"), this);
    m_channel = new QComboBox(this);
    m_channel->setObjectName(QStringLiteral("channelCombo"));
    m_composite = new QCheckBox(tr("composite"), this);
    m_composite->setObjectName(QStringLiteral("compositeCheck"));
    m_composite->setToolTip(tr("Show all channels together"));
    m_contrast = new RangeSlider(this);
    m_low = caption({}, this);
    m_high = caption({}, this);
    m_auto = new QPushButton(tr("Auto"), this);
    m_auto->setObjectName(QStringLiteral("autoContrast"));
    m_auto->setToolTip(tr("Saturate 0.35 % of the pixels"));
    m_continuous = new QCheckBox(tr("continuous"), this);
    m_continuous->setObjectName(QStringLiteral("continuousContrast"));
    m_continuous->setToolTip(
        tr("Set the limits anew for every slice that is shown, until they are set by hand"));
    m_full = new QPushButton(tr("Full range"), this);
    m_full->setObjectName(QStringLiteral("fullRange"));
    m_gamma = new QSlider(Qt::Horizontal, this);
    m_gamma->setObjectName(QStringLiteral("gammaSlider"));
    m_gamma->setRange(20, 200);
    m_gammaValue = new QLabel(this);
    m_opacity = new QSlider(Qt::Horizontal, this);
    m_opacity->setObjectName(QStringLiteral("opacitySlider"));
    m_opacity->setRange(0, 100);
    m_opacityValue = new QLabel(this);
    m_colormap = new QComboBox(this);
    m_colormap->setObjectName(QStringLiteral("colormapCombo"));
    m_colormap->setIconSize(QSize(32, 12));
    m_colormap->setMaxVisibleItems(kVisibleColormaps);
    for (const auto& group : colormapGroups()) {
        if (m_colormap->count()) m_colormap->insertSeparator(m_colormap->count());
        for (const auto& name : group)
            m_colormap->addItem(colormapIcon(name), name);
    }

    m_blending = new QComboBox(this);
    m_blending->setObjectName(QStringLiteral("blendingCombo"));
    m_blending->setToolTip(tr("How this layer meets those below it"));
    for (const auto& [blending, name] : {std::pair{Blending::Translucent, tr("translucent")},
                                         {Blending::Additive, tr("additive")},
                                         {Blending::Minimum, tr("minimum")},
                                         {Blending::Opaque, tr("opaque")}})
        m_blending->addItem(name, int(blending));
    m_interpolation = new QComboBox(this);
    m_interpolation->setObjectName(QStringLiteral("interpolationCombo"));
    m_interpolation->setToolTip(tr("What is shown between the centres of magnified pixels"));
    for (const auto& [interpolation, name] : {std::pair{Interpolation::Nearest, tr("nearest")},
                                              {Interpolation::Linear, tr("linear")},
                                              {Interpolation::Cubic, tr("cubic")}})
        m_interpolation->addItem(name, int(interpolation));

    auto* limitsRow = new QHBoxLayout;
    limitsRow->setSpacing(6);
    limitsRow->addWidget(m_low);
    limitsRow->addStretch();
    limitsRow->addWidget(m_auto);
    limitsRow->addWidget(m_full);
    limitsRow->addStretch();
    limitsRow->addWidget(m_high);
    auto* channelRow = new QHBoxLayout;
    channelRow->setSpacing(10);
    channelRow->addWidget(m_channel, 1);
    channelRow->addWidget(m_composite);
    for (auto* label : {m_gammaValue, m_opacityValue}) {
        label->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.00")) + 4);
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_channelLabel, 0, 0);
    grid->addLayout(channelRow, 0, 1, 1, 2);
    grid->addWidget(caption(tr("colormap"), this), 1, 0);
    grid->addWidget(m_colormap, 1, 1, 1, 2);
    grid->addWidget(caption(tr("gamma"), this), 2, 0);
    grid->addWidget(m_gamma, 2, 1);
    grid->addWidget(m_gammaValue, 2, 2);
    grid->addWidget(caption(tr("opacity"), this), 3, 0);
    grid->addWidget(m_opacity, 3, 1);
    grid->addWidget(m_opacityValue, 3, 2);
    grid->addWidget(caption(tr("blending"), this), 4, 0);
    grid->addWidget(m_blending, 4, 1, 1, 2);
    grid->addWidget(caption(tr("interpolation"), this), 5, 0);
    grid->addWidget(m_interpolation, 5, 1, 1, 2);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 10);
    column->setSpacing(6);
    column->addWidget(m_name);
    auto* contrastRow = new QHBoxLayout;
    contrastRow->addWidget(caption(tr("contrast limits"), this));
    contrastRow->addStretch();
    contrastRow->addWidget(m_continuous);
    column->addLayout(contrastRow);
    column->addWidget(m_contrast);
    column->addLayout(limitsRow);
    column->addSpacing(4);
    column->addLayout(grid);
    column->addStretch();

    connect(m_auto, &QPushButton::clicked, this, &LayerControls::autoContrast);
    connect(m_continuous, &QCheckBox::toggled, this, [this](bool continuous) {
        if (!m_layer) return;
        auto display = m_layer->display();
        display.continuous = continuous;
        m_layer->setDisplay(display);
        if (continuous) m_layer->resetLimits();
    });
    connect(m_full, &QPushButton::clicked, this, &LayerControls::fullRange);
    connect(m_contrast, &RangeSlider::limitsRequested, this, [this](const Limits& limits) {
        if (m_layer && channel() < m_layer->channelCount()) m_layer->setLimits(channel(), limits);
    });
    connect(m_gamma, &QSlider::valueChanged, this,
            [this](int value) { change([&](ChannelDisplay& d) { d.gamma = value / 100.0; }); });
    connect(m_colormap, &QComboBox::currentTextChanged, this,
            [this](const QString& name) { change([&](ChannelDisplay& d) { d.colormap = name; }); });
    connect(m_opacity, &QSlider::valueChanged, this, [this](int value) {
        if (m_layer) m_layer->setOpacity(value / 100.0);
    });
    connect(m_blending, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_layer) return;
        auto display = m_layer->display();
        display.blending = Blending(m_blending->currentData().toInt());
        m_layer->setDisplay(display);
    });
    connect(m_interpolation, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_layer) return;
        auto display = m_layer->display();
        display.interpolation = Interpolation(m_interpolation->currentData().toInt());
        m_layer->setDisplay(display);
    });
    connect(m_channel, &QComboBox::currentIndexChanged, this, [this](int index) {
        auto& view = m_document->view();
        if (view.channel() != ViewState::kComposite) view.setChannel(index);
        refresh();
        m_histogramDelay.start();
    });
    connect(m_composite, &QCheckBox::toggled, this, [this](bool composite) {
        m_document->view().setChannel(composite ? ViewState::kComposite : channel());
    });
}

int LayerControls::channel() const {
    return std::max(0, m_channel->currentIndex());
}

void LayerControls::change(const std::function<void(ChannelDisplay&)>& edit) {
    if (!m_layer || channel() >= m_layer->channelCount()) return;
    auto display = m_layer->channels()[std::size_t(channel())];
    edit(display);
    m_layer->setChannel(channel(), display);
}

void LayerControls::follow() {
    if (m_layer) disconnect(m_layer, nullptr, this, nullptr);
    m_layer = m_document->selected();
    if (const Run* run = m_document->runOf(m_layer); run && m_layer == run->sample())
        m_layer = run->mean();
    if (m_layer) {
        connect(m_layer, &Layer::displayChanged, this, &LayerControls::refresh);
        connect(m_layer, &Layer::nameChanged, this, &LayerControls::refresh);
        connect(m_layer, &Layer::stackChanged, this, [this] {
            refresh();
            if (!m_histogramDelay.isActive()) m_histogramDelay.start();
        });
    }
    m_contrast->setHistogram({});
    refresh();
    m_histogramDelay.start();
}

void LayerControls::refresh() {
    const int count = m_layer ? m_layer->channelCount() : 0;
    setEnabled(count > 0);
    m_name->setText(m_layer ? m_layer->name() : tr("no layer selected"));
    const QSignalBlocker quietChannel(m_channel), quietComposite(m_composite), quietGamma(m_gamma),
        quietOpacity(m_opacity), quietColormap(m_colormap), quietBlending(m_blending),
        quietInterpolation(m_interpolation), quietContinuous(m_continuous);
    bool same = m_channel->count() == count;
    for (int c = 0; same && c < count; ++c)
        same = m_channel->itemText(c) == m_layer->channelName(c);
    if (!same) {
        const int before = m_channel->currentIndex();
        m_channel->clear();
        for (int c = 0; c < count; ++c)
            m_channel->addItem(m_layer->channelName(c));
        m_channel->setCurrentIndex(std::clamp(before, 0, std::max(0, count - 1)));
    }
    for (auto* widget : {static_cast<QWidget*>(m_channelLabel), static_cast<QWidget*>(m_channel),
                         static_cast<QWidget*>(m_composite)})
        widget->setVisible(count > 1);
    m_composite->setChecked(m_document->view().channel() == ViewState::kComposite);
    if (count == 0) return;
    const auto& display = m_layer->channels()[std::size_t(std::min(channel(), count - 1))];
    m_contrast->setLimits(display.limits);
    m_continuous->setChecked(m_layer->display().continuous);
    m_contrast->setColor(QColor(colormap(display.colormap)[200]));
    m_low->setText(number(display.limits.low));
    m_high->setText(number(display.limits.high));
    m_gamma->setValue(int(display.gamma * 100 + 0.5));
    m_gammaValue->setText(QString::number(display.gamma, 'f', 2));
    m_opacity->setValue(int(m_layer->opacity() * 100 + 0.5));
    m_opacityValue->setText(QString::number(m_layer->opacity(), 'f', 2));
    m_colormap->setCurrentIndex(m_colormap->findText(display.colormap));
    m_blending->setCurrentIndex(m_blending->findData(int(m_layer->display().blending)));
    m_interpolation->setCurrentIndex(
        m_interpolation->findData(int(m_layer->display().interpolation)));
}

void LayerControls::askForHistogram() {
    if (!m_layer || !m_layer->stack()) return;
    const auto& view = m_document->view();
    const auto plane = m_layer->planeAt(view.t(), view.at(image::Axis::Z), channel());
    if (plane) m_histograms.request(m_layer->stack(), *plane);
}

void LayerControls::autoContrast() {
    if (m_layer) m_layer->resetLimits();
}

void LayerControls::fullRange() {
    if (m_layer && channel() < m_layer->channelCount()) m_layer->setLimits(channel(), m_fullRange);
}

}  // namespace posteria::ui::widgets
