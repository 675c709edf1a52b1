#include "ui/widgets/batch_panel.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/icons.h"
#include "ui/widgets/model_form.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {

using State = BatchQueue::State;

constexpr int kBarHeight = 4, kRowHeight = 30;

// States in their colours; the bar of the file that runs.
class FileDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        if (index.column() != BatchQueue::Progress || stateOf(index) != State::Running) return;
        const auto& c = theme::colors();
        QRectF bar(option.rect.adjusted(8, 0, -8, -3));
        bar.setTop(bar.bottom() - kBarHeight);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(c.primary);
        painter->drawRoundedRect(bar, 2, 2);
        bar.setWidth(bar.width() * index.data(BatchQueue::FractionRole).toDouble());
        painter->setBrush(c.link);
        painter->drawRoundedRect(bar, 2, 2);
        painter->restore();
    }

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto& c = theme::colors();
        const auto state = stateOf(index);
        option->textElideMode =
            index.column() == BatchQueue::Name ? Qt::ElideMiddle : Qt::ElideRight;
        const bool isState = index.column() == BatchQueue::Progress;
        QColor color = c.text;
        if (state == State::Failed && index.column() != BatchQueue::Name)
            color = c.error;
        else if (state == State::Stopped && isState)
            color = c.warning;
        else if (index.column() == BatchQueue::Note ||
                 (isState && (state == State::Waiting || state == State::Kept)))
            color = c.dimmed;
        option->palette.setColor(QPalette::Text, color);
        if (isState && state == State::Running) option->displayAlignment = Qt::AlignTop;
    }

  private:
    static State stateOf(const QModelIndex& index) {
        return State(index.data(BatchQueue::StateRole).toInt());
    }
};

}  // namespace

BatchPanel::BatchPanel(BatchQueue* queue, RestoreSettings* settings, QWidget* parent)
    : QWidget(parent), m_queue(queue), m_settings(settings) {
    setObjectName(QStringLiteral("batchPanel"));
    auto* top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(buildFiles(), 1);
    top->addWidget(buildSettings());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(10);
    column->addLayout(top, 1);
    column->addWidget(buildBottom());
    wire();
    refresh();
}

QWidget* BatchPanel::buildFiles() {
    auto* box = new QWidget(this);
    m_addFiles = named(new QPushButton(tr("Add Files…"), box), "batchAddFiles");
    m_addFolder = named(new QPushButton(tr("Add Folder…"), box), "batchAddFolder");
    m_pattern = named(new QLineEdit(box), "batchPattern");
    m_pattern->setPlaceholderText(tr("or a pattern: ~/data/*/cells_*.tif"));
    m_pattern->setToolTip(
        tr("A file, a folder, or a name with * and ?; Return adds what it finds"));
    m_pattern->setClearButtonEnabled(true);
    auto* adding = new QHBoxLayout;
    adding->setSpacing(6);
    adding->addWidget(m_addFiles);
    adding->addWidget(m_addFolder);
    adding->addWidget(m_pattern, 1);

    m_table = named(new QTableView(box), "batchTable");
    m_table->setModel(m_queue);
    m_table->setItemDelegate(new FileDelegate(m_table));
    auto* header = asFileTable(m_table, kRowHeight);
    header->resizeSection(BatchQueue::Name, 230);
    header->resizeSection(BatchQueue::Progress, 140);
    m_empty = named(quiet(new QLabel(tr("Drop images or folders here."), m_table->viewport())),
                    "batchEmpty");
    m_empty->setAlignment(Qt::AlignCenter);
    auto* over = new QVBoxLayout(m_table->viewport());
    over->addWidget(m_empty);

    m_remove = named(new QPushButton(tr("Remove"), box), "batchRemove");
    m_remove->setToolTip(tr("Take the selected files off the list"));
    m_retry = named(new QPushButton(tr("Retry Failed"), box), "batchRetry");
    m_open = named(new QPushButton(tr("Look at the Result"), box), "batchOpen");
    m_open->setToolTip(tr("Open the selected file with its mean and uncertainty in the window"));
    m_count = named(quiet(new QLabel(box)), "batchCount");
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* under = new QHBoxLayout;
    under->setSpacing(6);
    under->addWidget(m_remove);
    under->addWidget(m_retry);
    under->addWidget(m_open);
    under->addWidget(m_count, 1);

    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(adding);
    column->addWidget(m_table, 1);
    column->addLayout(under);
    return box;
}

QWidget* BatchPanel::buildSettings() {
    auto* panel = new QFrame(this);
    panel->setObjectName(QStringLiteral("panel"));
    panel->setFixedWidth(320);
    auto* form = new ModelForm(m_settings, "batch", panel);
    m_form = form;
    m_alike = named(new QCheckBox(tr("one for all files, recorded alike"), form), "batchAlike");
    m_alike->setToolTip(
        tr("One severity, estimated from all files together: far more exact where "
           "one microscope recorded them in one way"));
    form->form()->addRow(QString(), m_alike);
    m_channel = named(new QSpinBox(form), "batchChannel");
    m_channel->setRange(1, 99);
    m_channel->setToolTip(tr("The channel of the files that is restored"));
    form->addRow(tr("channel"), m_channel);

    const std::tuple<const char*, QString, bool> outputs[] = {
        {"mean", tr("mean"), true},         {"std", tr("uncertainty"), true},
        {"samples", tr("samples"), false},  {"residual", tr("residual"), false},
        {"q05", tr("5 % quantile"), false}, {"q95", tr("95 % quantile"), false},
    };
    auto* saved = new QGridLayout;
    saved->setContentsMargins(0, 0, 0, 0);
    saved->setHorizontalSpacing(12);
    saved->setVerticalSpacing(4);
    for (const auto& [name, title, on] : outputs) {
        auto* check = new QCheckBox(title, form);
        check->setObjectName(QStringLiteral("batchSave:") + QLatin1String(name));
        check->setChecked(on);
        const int at = int(m_outputs.size());
        saved->addWidget(check, at / 2, at % 2);
        m_outputs.emplace_back(check, name);
    }
    form->addRow(tr("save"), saved);
    m_folder = named(new QLineEdit(form), "batchFolder");
    m_folder->setPlaceholderText(tr("a folder for the results"));
    m_chooseFolder = named(new QPushButton(QStringLiteral("…"), form), "batchChooseFolder");
    m_chooseFolder->setFixedWidth(34);
    auto* folder = new QHBoxLayout;
    folder->setSpacing(6);
    folder->addWidget(m_folder, 1);
    folder->addWidget(m_chooseFolder);
    form->addRow(tr("folder"), folder);
    m_keep = named(new QCheckBox(tr("keep results that are there"), form), "batchKeep");
    m_keep->setToolTip(
        tr("Files that have a report in the folder are left out; otherwise they are "
           "restored anew and replaced"));
    form->form()->addRow(QString(), m_keep);
    m_existingText = named(quiet(new QLabel(panel)), "batchExisting");

    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(form);
    column->addWidget(m_existingText);
    column->addStretch();
    return panel;
}

QWidget* BatchPanel::buildBottom() {
    auto* box = new QWidget(this);
    m_progress = named(new QProgressBar(box), "batchProgress");
    m_progress->setTextVisible(false);
    m_message = named(new QLabel(box), "batchMessage");
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_showSummary = named(new QPushButton(tr("Open Summary"), box), "batchSummary");
    m_start = named(new QPushButton(tr("Start"), box), "batchStart");
    m_start->setProperty("accent", true);
    m_pause = named(new QPushButton(tr("Pause"), box), "batchPause");
    m_pause->setToolTip(tr("Stop and go on later; a file's finished samples are kept"));
    m_cancel = named(new QPushButton(tr("Cancel"), box), "batchCancel");
    m_cancel->setToolTip(tr("Stop; finished files are kept"));
    for (auto* button : {m_start, m_pause, m_cancel})
        button->setMinimumWidth(90);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_message, 1);
    row->addWidget(m_showSummary);
    row->addWidget(m_pause);
    row->addWidget(m_cancel);
    row->addWidget(m_start);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_progress);
    column->addLayout(row);
    return box;
}

void BatchPanel::wire() {
    connect(m_addFiles, &QPushButton::clicked, this, &BatchPanel::addFilesRequested);
    connect(m_addFolder, &QPushButton::clicked, this, &BatchPanel::addFolderRequested);
    connect(m_pattern, &QLineEdit::returnPressed, this, [this] {
        const auto text = m_pattern->text().trimmed();
        if (!text.isEmpty()) Q_EMIT patternEntered(text);
    });
    connect(m_remove, &QPushButton::clicked, this, [this] { m_queue->remove(selectedRows()); });
    connect(m_retry, &QPushButton::clicked, this, [this] { m_queue->retry(failedRows()); });
    connect(m_open, &QPushButton::clicked, this, [this] {
        for (const int row : selectedRows())
            Q_EMIT openRequested(m_queue->files()[std::size_t(row)].path);
    });
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (!m_queue->files()[std::size_t(index.row())].report.isEmpty())
            Q_EMIT openRequested(index.data(BatchQueue::PathRole).toString());
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BatchPanel::refresh);
    connect(m_queue, &BatchQueue::countsChanged, this, &BatchPanel::refresh);
    connect(m_queue, &BatchQueue::dataChanged, this, &BatchPanel::refresh);
    connect(m_settings, &RestoreSettings::changed, this, &BatchPanel::refresh);
    connect(m_chooseFolder, &QPushButton::clicked, this, &BatchPanel::chooseFolderRequested);
    connect(m_folder, &QLineEdit::textEdited, this, [this] { m_folderTouched = true; });
    connect(m_folder, &QLineEdit::textChanged, this, [this] {
        refresh();
        Q_EMIT targetChanged();
    });
    connect(m_keep, &QCheckBox::toggled, this, &BatchPanel::refresh);
    for (const auto& [check, name] : m_outputs)
        connect(check, &QCheckBox::toggled, this, &BatchPanel::refresh);
    connect(m_start, &QPushButton::clicked, this, &BatchPanel::startRequested);
    connect(m_pause, &QPushButton::clicked, this, &BatchPanel::pauseRequested);
    connect(m_cancel, &QPushButton::clicked, this, &BatchPanel::cancelRequested);
    connect(m_showSummary, &QPushButton::clicked, this, &BatchPanel::summaryRequested);
}

engine::RestoreJob BatchPanel::job() const {
    engine::RestoreJob job;
    job.outputFolder = folder().toStdString();
    job.save.clear();
    for (const auto& [check, name] : m_outputs)
        if (check->isChecked()) job.save.insert(name);
    job.resume = m_keep->isChecked();
    job.oneAcquisition = m_alike->isChecked() && m_alike->isEnabled();
    if (m_channel->value() > 1) job.settings.selection.c = {m_channel->value() - 1};
    return job;
}

QString BatchPanel::folder() const {
    return m_folder->text().trimmed();
}

void BatchPanel::setFolder(const QString& folder) {
    m_folder->setText(folder);
}

void BatchPanel::setState(BatchRun::State state) {
    m_state = state;
    refresh();
}

void BatchPanel::setGivingWay(bool givingWay) {
    m_givingWay = givingWay;
    refresh();
}

void BatchPanel::setSummary(const QString& path) {
    m_summary = path;
    refresh();
}

void BatchPanel::setExisting(int files) {
    m_existing = files;
    refresh();
}

void BatchPanel::showMessage(const QString& text, bool error) {
    tell(m_message, text, error);
}

void BatchPanel::clearPattern() {
    m_pattern->clear();
}

QList<int> BatchPanel::selectedRows() const {
    QList<int> rows;
    for (const auto& index : m_table->selectionModel()->selectedRows())
        rows << index.row();
    return rows;
}

QList<int> BatchPanel::failedRows() const {
    QList<int> rows;
    for (int row = 0; row < m_queue->rowCount(); ++row) {
        const auto state = m_queue->files()[std::size_t(row)].state;
        if (state == State::Failed || state == State::Stopped) rows << row;
    }
    return rows;
}

void BatchPanel::refresh() {
    using Run = BatchRun::State;
    const bool idle = m_state == Run::Idle, paused = m_state == Run::Paused;
    const int all = m_queue->rowCount(), waiting = m_queue->count(State::Waiting);
    const int ended = all - waiting - m_queue->count(State::Running);
    m_empty->setVisible(all == 0);
    m_form->setEnabled(idle);
    const auto selected = selectedRows();
    const int running = m_queue->running();
    m_remove->setEnabled(std::any_of(selected.begin(), selected.end(),
                                     [running](int row) { return row != running; }));
    m_retry->setEnabled(!failedRows().isEmpty());
    m_open->setEnabled(!selected.isEmpty() &&
                       std::all_of(selected.begin(), selected.end(), [this](int row) {
                           return !m_queue->files()[std::size_t(row)].report.isEmpty();
                       }));
    const bool outputs = std::any_of(m_outputs.begin(), m_outputs.end(),
                                     [](const auto& output) { return output.first->isChecked(); });
    m_start->setEnabled(idle && waiting > 0 && m_settings->model() && outputs &&
                        !folder().isEmpty());
    m_pause->setEnabled(m_state == Run::Running || paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_cancel->setEnabled(m_state == Run::Running || paused);
    m_showSummary->setVisible(!m_summary.isEmpty());
    const auto* model = m_settings->model();
    m_alike->setEnabled(!m_settings->severity() && model && model->network("severity"));

    double done = ended;
    if (running >= 0) done += m_queue->files()[std::size_t(running)].fraction;
    m_progress->setRange(0, std::max(all, 1) * 1000);
    m_progress->setValue(int(done * 1000));
    QStringList counts;
    const auto count = [&](State state, const QString& words) {
        if (const int n = m_queue->count(state)) counts << words.arg(n);
    };
    count(State::Waiting, tr("%1 waiting"));
    count(State::Done, tr("%1 done"));
    count(State::Kept, tr("%1 kept"));
    count(State::Failed, tr("%1 failed"));
    count(State::Stopped, tr("%1 cancelled"));
    m_count->setText(counts.join(QStringLiteral(" · ")));

    m_existingText->setText(
        m_existing == 0 ? QString()
        : m_keep->isChecked()
            ? tr("%1 of the waiting files have results there: they are kept.").arg(m_existing)
            : tr("%1 of the waiting files have results there: they will be "
                 "replaced.")
                  .arg(m_existing));
    m_existingText->setVisible(m_existing > 0);
    if (m_givingWay && m_state == Run::Running)
        showMessage(tr("Waits for the restoration in the window, which goes first."), false);
    else if (m_state == Run::Running)
        showMessage(tr("File %1 of %2").arg(std::min(ended + 1, all)).arg(all), false);
    else if (paused)
        showMessage(running >= 0 ? tr("Pausing…")
                                 : tr("Paused: %1 of %2 files are through").arg(ended).arg(all),
                    false);
    else if (m_state == Run::Stopping)
        showMessage(tr("Stopping…"), false);
    else if (m_state == Run::Summing)
        showMessage(tr("Writing the summary…"), false);
}

}  // namespace posteria::ui::widgets
