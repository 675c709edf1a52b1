// What Help ▸ Tour does in the window, a step each of the README's "A first walk".
#include <QDockWidget>
#include <QStatusBar>

#include "ui/shell/main_window.h"

namespace posteria::ui::shell {

void MainWindow::wireTour() {
    connect(m_menu.tour, &QAction::triggered, this, [this] {
        m_tour->setStep(0);
        showDock(m_tourDock);
        resizeDocks({m_tourDock}, {1}, Qt::Vertical);  // no higher than its words
    });
    connect(m_welcome, &widgets::WelcomePage::tourRequested, m_menu.tour, &QAction::trigger);
    connect(m_tour, &widgets::TourPanel::showRequested, this, &MainWindow::showTourStep);
    connect(m_tour, &widgets::TourPanel::closeRequested, m_tourDock, &QWidget::hide);
}

void MainWindow::beginTour() {
    m_menu.tour->trigger();
}

int MainWindow::tourLength() const {
    return m_tour->count();
}

void MainWindow::showTourStep(int step) {
    enum { Open, Restore, Play, Doubt, Trust, Line, Count, Export };
    m_tour->setStep(step);
    Run* run = m_document.activeRun();
    const auto missing = [&] {
        if (step == Open) return QString();
        if (step == Restore) return m_session.canStart() ? QString() : tr("Open an image first.");
        const bool drawn = run && run->keptSamples() > 1;
        return drawn ? QString() : tr("Restore an image first: that is the second step.");
    }();
    if (!missing.isEmpty()) {
        statusBar()->showMessage(missing, 8000);
        return;
    }
    m_sampleSlider->setPlaying(step == Play);
    switch (step) {
        case Open:
            if (auto* sample =
                    findChild<QAction*>(QStringLiteral("actionSample:filaments-vesicles.ome.tif")))
                sample->trigger();
            break;
        case Restore:
            restore(false);
            break;
        case Doubt:
            if (run->offers(Run::Spread::Confidence)) run->setSpread(Run::Spread::Confidence);
            break;
        case Trust:
            m_menu.trust->trigger();
            break;
        case Line: {
            m_menu.plotLine->trigger();
            const auto all = m_document.view().bounds();
            m_document.view().setLine({all.topLeft() + 0.2 * (all.bottomRight() - all.topLeft()),
                                       all.topLeft() + 0.6 * (all.bottomRight() - all.topLeft())});
            break;
        }
        case Count:
            m_document.view().setTool(ViewState::Tool::Pan);
            m_plotsDock->hide();  // the objects have a chart of their own
            m_menu.findObjects->trigger();
            m_objects->showChannel(run->mean()->channelCount() - 1);
            m_objects->find();
            break;
        case Export:
            m_menu.exportFigure->trigger();
            break;
        default:
            break;
    }
}

}  // namespace posteria::ui::shell
