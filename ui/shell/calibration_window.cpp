#include "ui/shell/calibration_window.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "ui/shell/file_drop.h"
#include "ui/viewer/reliability_chart.h"
#include "ui/widgets/model_form.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/sampler_titles.h"

namespace posteria::ui::shell {

namespace {

using State = CalibrationRun::State;
using widgets::named;
using widgets::quiet;
using PairState = CalibrationPairs::State;

const auto kFolderKey = QStringLiteral("calibration/folder");

QString percent(double share) {
    return share > 0 ? QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1) : QStringLiteral("–");
}

QString pairsText(int count) {
    return count == 1 ? CalibrationWindow::tr("1 pair")
                      : CalibrationWindow::tr("%1 pairs").arg(count);
}

QString holdsFor(const package::Calibration& calibration) {
    return CalibrationWindow::tr("%1 with %2 steps, fitted on %3 of %4 samples each")
        .arg(widgets::samplerTitle(calibration.sampler.name))
        .arg(calibration.sampler.steps)
        .arg(pairsText(calibration.pairs))
        .arg(calibration.sampler.samples);
}

}  // namespace

CalibrationWindow::CalibrationWindow(EngineSteps* steps, const RestoreSettings* panel,
                                     QSettings* settings, QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_panelSettings(panel),
      m_store(settings),
      m_run(steps, &m_pairs) {
    setObjectName(QStringLiteral("calibrationWindow"));
    setWindowTitle(tr("Calibrate a model"));
    setAttribute(Qt::WA_StyledBackground);
    setAcceptDrops(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(buildLeft(), 1);
    row->addWidget(buildRight(), 1);

    m_progress = named(new QProgressBar(this), "calibrationProgress");
    m_progress->setTextVisible(false);
    m_message = named(new QLabel(this), "calibrationMessage");
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_save = named(new QPushButton(tr("Save Plot…"), this), "calibrationSavePlot");
    m_keep = named(new QPushButton(tr("Keep with the Model"), this), "calibrationKeep");
    m_cancel = named(new QPushButton(tr("Cancel"), this), "calibrationCancel");
    m_start = named(new QPushButton(tr("Calibrate"), this), "calibrationStart");
    m_start->setProperty("accent", true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    buttons->addWidget(m_message, 1);
    for (auto* button : {m_save, m_keep, m_cancel, m_start})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(10);
    column->addLayout(row, 1);
    column->addWidget(m_progress);
    column->addLayout(buttons);
    resize(1040, 660);

    connect(steps, &EngineSteps::givingWayChanged, this, [this](bool givingWay) {
        m_givingWay = givingWay;
        refresh();
    });
    wire();
    takeSettings();
    showCalibration();
}

CalibrationWindow::~CalibrationWindow() {
    m_io.waitForDone();
}

QWidget* CalibrationWindow::buildLeft() {
    auto* box = new QWidget(this);
    auto* what = quiet(new QLabel(
        tr("Images whose truth is known, recorded or simulated, and not those the model was "
           "trained on. The fit makes the uncertainty as large as the errors are."),
        box));
    m_addFolder = named(new QPushButton(tr("Add Folder…"), box), "calibrationAddFolder");
    m_addFolder->setToolTip(
        tr("A folder of input_1.tif, truth_1.tif and so on, as posteria-cli simulate writes it"));
    m_addTwoFolders = named(new QPushButton(tr("Add Two Folders…"), box), "calibrationAddTwo");
    m_addTwoFolders->setToolTip(
        tr("A folder of degraded images, then one of truths with the same names"));
    m_addPair = named(new QPushButton(tr("Add a Pair…"), box), "calibrationAddPair");
    m_addPair->setToolTip(tr("A degraded image, then its truth"));
    m_remove = named(new QPushButton(tr("Remove"), box), "calibrationRemove");
    auto* adding = new QHBoxLayout;
    adding->setSpacing(6);
    for (auto* button : {m_addFolder, m_addTwoFolders, m_addPair})
        adding->addWidget(button);
    adding->addStretch();
    adding->addWidget(m_remove);

    m_table = named(new QTableView(box), "calibrationTable");
    m_table->setModel(&m_pairs);
    auto* header = widgets::asFileTable(m_table);
    header->resizeSection(CalibrationPairs::Input, 150);
    header->resizeSection(CalibrationPairs::Truth, 150);
    header->resizeSection(CalibrationPairs::Severity, 70);
    m_empty = quiet(new QLabel(tr("Drop a folder of pairs here."), m_table->viewport()));
    m_empty->setAlignment(Qt::AlignCenter);
    auto* over = new QVBoxLayout(m_table->viewport());
    over->addWidget(m_empty);

    auto* panel = new QFrame(box);
    panel->setObjectName(QStringLiteral("panel"));
    auto* form = new widgets::ModelForm(&m_settings, "calibration", panel);
    form->setLeastSamples(2);
    m_form = form;
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(12, 12, 12, 12);
    inside->addWidget(form);

    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(what);
    column->addLayout(adding);
    column->addWidget(m_table, 1);
    column->addWidget(panel);
    return box;
}

QWidget* CalibrationWindow::buildRight() {
    auto* panel = new QFrame(this);
    panel->setObjectName(QStringLiteral("panel"));
    m_chart = new viewer::ReliabilityChart(panel);
    m_holds = named(new QLabel(panel), "calibrationHolds");
    m_holds->setWordWrap(true);
    m_coverage = named(new QLabel(panel), "calibrationCoverage");
    m_coverage->setTextFormat(Qt::RichText);
    m_coverage->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_coverage->setWordWrap(true);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(10);
    column->addWidget(m_chart, 1);
    column->addWidget(m_coverage);
    column->addWidget(m_holds);
    return panel;
}

void CalibrationWindow::wire() {
    connect(m_panelSettings, &RestoreSettings::modelsChanged, this,
            &CalibrationWindow::takeSettings);
    connect(&m_settings, &RestoreSettings::changed, this, [this] {
        if (m_run.state() == State::Ready) m_run.reset();  // it was of other settings
        showCalibration();
        refresh();
    });
    connect(m_addFolder, &QPushButton::clicked, this, &CalibrationWindow::chooseFolder);
    connect(m_addTwoFolders, &QPushButton::clicked, this, [this] { chooseTwo(true); });
    connect(m_addPair, &QPushButton::clicked, this, [this] { chooseTwo(false); });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        QList<int> rows;
        for (const auto& index : m_table->selectionModel()->selectedRows())
            rows << index.row();
        m_pairs.remove(rows);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CalibrationWindow::refresh);
    connect(&m_pairs, &CalibrationPairs::countsChanged, this, &CalibrationWindow::refresh);
    connect(&m_pairs, &CalibrationPairs::dataChanged, this, &CalibrationWindow::refresh);
    connect(m_start, &QPushButton::clicked, this, &CalibrationWindow::start);
    connect(m_cancel, &QPushButton::clicked, &m_run, &CalibrationRun::cancel);
    connect(m_keep, &QPushButton::clicked, &m_run, &CalibrationRun::keep);
    connect(m_save, &QPushButton::clicked, this, &CalibrationWindow::choosePlotFile);
    connect(&m_run, &CalibrationRun::stateChanged, this, [this] {
        refresh();
        if (m_run.state() == State::Ready) tellWhere();
        Q_EMIT busyChanged();
    });
    connect(&m_run, &CalibrationRun::calibrationChanged, this, &CalibrationWindow::showCalibration);
    connect(&m_run, &CalibrationRun::failed, this,
            [this](const QString& message, const QString& hint) {
                showMessage(message + QLatin1Char(' ') + hint, true);
            });
    connect(&m_run, &CalibrationRun::kept, this, [this](const QString& folder) {
        showMessage(tr("Kept in %1").arg(folder), false);
        Q_EMIT kept(folder);
    });
}

void CalibrationWindow::present() {
    if (m_pairs.rowCount() == 0 && !m_run.isBusy()) m_settings.takeOver(*m_panelSettings);
    show();
    raise();
    activateWindow();
}

void CalibrationWindow::takeSettings() {
    if (m_settings.model())
        m_settings.setModels(m_panelSettings->models());
    else
        m_settings.takeOver(*m_panelSettings);
}

void CalibrationWindow::find(const std::function<std::vector<engine::ImagePair>()>& pairs) {
    ++m_finding;
    Q_EMIT busyChanged();
    m_io.start([this, pairs] {
        std::vector<engine::ImagePair> found;
        QString problem;
        try {
            found = pairs();
        } catch (const Error& e) {
            problem = QString::fromStdString(e.what());
        } catch (const std::exception& e) {
            problem = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, found, problem] {
                --m_finding;
                if (problem.isEmpty()) {
                    if (m_run.state() == State::Ready) m_run.reset();
                    showMessage(tr("Added %1.").arg(pairsText(m_pairs.add(found))), false);
                } else {
                    showMessage(problem, true);
                }
                Q_EMIT busyChanged();
            },
            Qt::QueuedConnection);
    });
}

void CalibrationWindow::addFolders(const QStringList& folders) {
    find([folders] {
        std::vector<engine::ImagePair> all;
        for (const auto& folder : folders) {
            const auto some = engine::pairsIn(folder.toStdString());
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    });
}

void CalibrationWindow::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Add a folder of inputs and truths"),
                                   m_store->value(kFolderKey).toString());
    dialog->setObjectName(QStringLiteral("calibrationFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_store->setValue(kFolderKey, QFileInfo(path).absolutePath());
        addFolders({path});
    });
    dialog->open();
}

void CalibrationWindow::chooseTwo(bool folders) {
    const auto ask = [this, folders](const QString& title, const char* name) {
        auto* dialog = new QFileDialog(this, title, m_store->value(kFolderKey).toString());
        dialog->setObjectName(QLatin1String(name));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(folders ? QFileDialog::Directory : QFileDialog::ExistingFile);
        return dialog;
    };
    auto* first = ask(folders ? tr("The folder of degraded images") : tr("The degraded image"),
                      "calibrationInputDialog");
    connect(first, &QFileDialog::fileSelected, this, [this, folders, ask](const QString& input) {
        m_store->setValue(kFolderKey, QFileInfo(input).absolutePath());
        auto* second =
            ask(folders ? tr("The folder of their truths, by the same names") : tr("Its truth"),
                "calibrationTruthDialog");
        connect(second, &QFileDialog::fileSelected, this,
                [this, folders, input](const QString& truth) {
                    find([folders, from = input.toStdString(), to = truth.toStdString()] {
                        return folders ? engine::pairsOf(from, to)
                                       : std::vector<engine::ImagePair>{{from, to, {}}};
                    });
                });
        second->open();
    });
    first->open();
}

void CalibrationWindow::choosePlotFile() {
    auto* dialog = new QFileDialog(this, tr("Save the plot"), QString(),
                                   tr("Pictures and values (*.png *.svg *.csv)"));
    dialog->setObjectName(QStringLiteral("calibrationPlotDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->selectFile(QStringLiteral("reliability.png"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const bool saved = savePlot(path);
        showMessage(saved ? tr("Saved %1").arg(path)
                          : tr("%1 could not be written. Choose another folder.").arg(path),
                    !saved);
    });
    dialog->open();
}

bool CalibrationWindow::savePlot(const QString& path) const {
    if (QFileInfo(path).suffix().compare(QLatin1String("csv"), Qt::CaseInsensitive) != 0)
        return m_chart->save(path);
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(m_plot.csv().toUtf8()) >= 0 &&
           file.commit();
}

void CalibrationWindow::start() {
    if (m_settings.model()) m_run.start(*m_settings.model(), m_settings.request());
}

void CalibrationWindow::tellWhere() {
    m_io.start([this, model = m_run.model()] {
        const auto to = engine::calibratedModel(model);
        const bool copy = to.folder != model.folder;
        QMetaObject::invokeMethod(
            this,
            [this, to, copy] {
                if (m_run.state() != State::Ready) return;
                const auto folder = QString::fromStdString(to.folder);
                showMessage(copy ? tr("The model itself is not changed: a copy, %1, would be kept "
                                      "in %2")
                                       .arg(QString::fromStdString(to.name), folder)
                                 : tr("It would be kept with the model, in %1").arg(folder),
                            false);
            },
            Qt::QueuedConnection);
    });
}

void CalibrationWindow::showMessage(const QString& text, bool error) {
    widgets::tell(m_message, text, error);
}

// What is being found, or what the model chosen has.
void CalibrationWindow::showCalibration() {
    const bool fresh = m_run.state() != State::Idle || m_run.calibration();
    const auto* model = fresh ? &m_run.model() : m_settings.model();
    auto calibration = m_run.calibration();
    QString problem;
    if (!fresh && model) {
        try {
            calibration = package::readCalibration(*model);
        } catch (const Error& e) {
            problem = QString::fromStdString(e.message());
        }
    }
    m_plot = calibration && model ? ReliabilityPlot::of(*calibration, *model) : ReliabilityPlot();
    if (!m_plot.isEmpty())
        m_chart->setPlot(m_plot);
    else
        m_chart->clear(fresh         ? tr("The plot fills with the first pair.")
                       : calibration ? tr("This model's calibration came without its plot. "
                                          "Calibrate it to see one.")
                                     : tr("Errors that were observed are plotted here against "
                                          "those that were predicted."));
    QString rows;
    for (const auto& channel : m_plot.channels) {
        if (channel.predicted.empty()) continue;
        for (const int share : {68, 90}) {
            const double drawn = share == 68 ? channel.drawn68 : channel.drawn90;
            const double after = share == 68 ? channel.calibrated68 : channel.calibrated90;
            rows += QStringLiteral(
                        "<tr><td><span style='color:%1'>●</span> %2 &nbsp;</td><td>%3 "
                        "%</td><td align='right'>%4</td><td "
                        "align='right'><b>%5</b></td></tr>")
                        .arg(channel.color.name(), channel.name.toHtmlEscaped())
                        .arg(share)
                        .arg(percent(drawn), percent(after));
        }
    }
    m_coverage->setText(
        rows.isEmpty()
            ? QString()
            : QStringLiteral("<table cellspacing='0' cellpadding='3'><tr><td>%1</td><td></td><td "
                             "align='right'>&nbsp; %2</td><td align='right'>&nbsp; %3</td></tr>%4"
                             "</table>")
                  .arg(tr("truth within the interval of"), tr("as drawn"), tr("calibrated"), rows));
    m_coverage->setToolTip(
        tr("As drawn: the mean ± 1 and 1.645 standard deviations. Calibrated: the counted "
           "intervals, on pairs that were left out of the fit; with one pair there are none."));
    m_coverage->setVisible(!rows.isEmpty());
    m_holds->setText(
        !problem.isEmpty() ? problem
        : !calibration     ? fresh ? QString() : tr("This model is not calibrated.")
            : fresh ? tr("Holds for %1. Samples drawn otherwise stay uncalibrated.")
                      .arg(holdsFor(*calibration))
                : tr("The model is calibrated for %1. Samples drawn otherwise stay uncalibrated.")
                      .arg(holdsFor(*calibration)));
}

void CalibrationWindow::refresh() {
    const auto state = m_run.state();
    const bool still = !m_run.isBusy();
    const int all = m_pairs.rowCount(), done = m_pairs.count(PairState::Done),
              failed = m_pairs.count(PairState::Failed);
    m_empty->setVisible(all == 0);
    m_form->setEnabled(still);
    for (auto* button : {m_addFolder, m_addTwoFolders, m_addPair})
        button->setEnabled(still);
    m_remove->setEnabled(still && m_table->selectionModel()->hasSelection());
    m_start->setEnabled(still && all > 0 && m_settings.model());
    m_cancel->setEnabled(state == State::Running);
    m_keep->setEnabled(state == State::Ready);
    m_save->setEnabled(!m_plot.isEmpty());
    double through = done + failed;
    for (const auto& pair : m_pairs.pairs())
        through += pair.fraction;
    m_progress->setRange(0, std::max(1, all) * 1000);
    m_progress->setValue(int(through * 1000));
    if (state == State::Running && m_givingWay)
        showMessage(tr("Waits for the restoration in the window, which goes first."), false);
    else if (state == State::Running)
        showMessage(tr("Pair %1 of %2").arg(std::min(done + failed + 1, all)).arg(all), false);
    else if (state == State::Stopping)
        showMessage(tr("Stopping…"), false);
    else if (state == State::Keeping)
        showMessage(tr("Keeping…"), false);
}

void CalibrationWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!m_run.isBusy()) offerFiles(event);
}

void CalibrationWindow::dropEvent(QDropEvent* event) {
    const auto paths = takeFiles(event);
    if (!paths.isEmpty()) addFolders(paths);
}

}  // namespace posteria::ui::shell
