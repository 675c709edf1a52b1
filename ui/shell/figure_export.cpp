#include "ui/shell/figure_export.h"

#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <utility>

namespace posteria::ui::shell {

namespace {

constexpr int kMostMagnification = 8;
const auto kMagnificationKey = QStringLiteral("figure/magnification");
const auto kLabelsKey = QStringLiteral("figure/labels");

}  // namespace

FigureExport::FigureExport(viewer::Canvas* canvas, QSettings* settings, QWidget* window)
    : QObject(window), m_canvas(canvas), m_settings(settings), m_window(window) {}

FigureExport::~FigureExport() {
    m_pool.waitForDone();
}

void FigureExport::ask() {
    auto* dialog = new QDialog(m_window);
    dialog->setObjectName(QStringLiteral("figureDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Export Figure"));
    auto* form = new QFormLayout(dialog);
    auto* magnification = new QSpinBox;
    magnification->setObjectName(QStringLiteral("figureMagnification"));
    magnification->setRange(1, kMostMagnification);
    magnification->setSuffix(QStringLiteral(" ×"));
    form->addRow(tr("Size on the screen, times"), magnification);
    auto* size = new QLabel;
    size->setObjectName(QStringLiteral("figureSize"));
    form->addRow(tr("Picture"), size);
    auto* labels = new QCheckBox(tr("Titles and colour bars"));
    labels->setObjectName(QStringLiteral("figureLabels"));
    labels->setChecked(m_settings->value(kLabelsKey, true).toBool());
    form->addRow(QString(), labels);
    auto* hint = new QLabel(
        m_canvas->layoutMode() == viewer::CanvasLayout::Grid
            ? tr("The panes as they are now, with the scale bar if it is shown. Words and lines of "
                 "PDF and SVG stay vectors.")
            : tr("This layout is exported as it is on the screen, pixel by pixel."));
    hint->setWordWrap(true);
    form->addRow(hint);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* go = buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("figureExport"));
    form->addRow(buttons);
    const auto show = [this, size](int times) {
        const QSize pixels = viewer::figurePixels(*m_canvas, times);
        const QSizeF inches = QSizeF(pixels) / 300;
        size->setText(tr("%1 × %2 pixels, %3 × %4 mm at 300 dpi")
                          .arg(pixels.width())
                          .arg(pixels.height())
                          .arg(qRound(inches.width() * 25.4))
                          .arg(qRound(inches.height() * 25.4)));
    };
    connect(magnification, &QSpinBox::valueChanged, this, show);
    magnification->setValue(m_settings->value(kMagnificationKey, m_options.magnification).toInt());
    show(magnification->value());
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(dialog, &QDialog::accepted, this, [this, magnification, labels] {
        const viewer::FigureOptions options{magnification->value(), labels->isChecked()};
        m_settings->setValue(kMagnificationKey, options.magnification);
        m_settings->setValue(kLabelsKey, options.labels);
        Q_EMIT accepted(options);
    });
    dialog->open();
}

void FigureExport::write(const viewer::FigureOptions& options, const QString& path) {
    if (isBusy()) return;
    m_options = options;
    m_path = path;
    Q_EMIT busyChanged();
    m_canvas->setMagnification(options.magnification);
    if (m_canvas->isSettled())
        finish();
    else
        connect(m_canvas, &viewer::Canvas::settled, this, &FigureExport::finish,
                Qt::SingleShotConnection);
}

void FigureExport::finish() {
    if (!m_canvas) return;
    m_pool.start([this, write = viewer::drawFigure(*m_canvas, m_options, m_path)] {
        const bool written = write();
        QMetaObject::invokeMethod(
            this, [this, written] { tell(written); }, Qt::QueuedConnection);
    });
    m_canvas->setMagnification(1);
}

void FigureExport::tell(bool written) {
    const QString path = std::exchange(m_path, QString());
    if (written)
        Q_EMIT saved(path);
    else
        Q_EMIT failed(tr("%1: the figure could not be written.").arg(path),
                      tr("Choose another folder."));
    Q_EMIT busyChanged();
}

}  // namespace posteria::ui::shell
