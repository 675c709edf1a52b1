// Figures of the canvas, exported by menu, keys and dialogs of the real window.
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QFileDialog>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>

#include "tests/ui/shell/window_fixture.h"
#include "ui/widgets/message_bar.h"

using namespace posteria;
using namespace posteria::ui::viewer;

class TestFigureExport : public QObject, test::WindowFixture {
    Q_OBJECT

    QByteArray contents(const char* name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    template <class W>
    W* find(const char* name) const {
        return m_window->findChild<W*>(QLatin1String(name));
    }
    // As a user does: keys, a size, a check mark, and a name.
    void exportTo(const QString& file, int magnification, bool labels) {
        QTest::keyClick(m_window.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(find<QDialog>("figureDialog"));
        find<QSpinBox>("figureMagnification")->setValue(magnification);
        find<QCheckBox>("figureLabels")->setChecked(labels);
        QTest::mouseClick(find<QPushButton>("figureExport"), Qt::LeftButton);
        QTRY_VERIFY(find<QFileDialog>("saveDialog"));
        auto* dialog = find<QFileDialog>("saveDialog");
        QTRY_VERIFY(dialog->isVisible());
        auto* name = dialog->findChild<QLineEdit*>();
        name->setText(file);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!find<QFileDialog>("saveDialog"));
        QTRY_VERIFY(m_window->isIdle());
        activate();
    }

  public:
    TestFigureExport() : WindowFixture({1000, 700}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }

    void init() {
        freshWindow();
        add(test::countingStack(40, 1, "counting", 3));
    }
    void cleanup() { closeWindow(); }

    // Every pixel of the screen is four of the figure.
    void picturesAreMagnified() {
        find<QAction>("actionScaleBar")->setChecked(false);
        exportTo(path("twice.png"), 2, false);
        const QImage screen = m_canvas->grabFrame(), figure(path("twice.png"));
        QCOMPARE(figure.size(), 2 * screen.size());
        QCOMPARE(qRound(figure.dotsPerMeterX() * 0.0254),
                 qRound(192 * m_canvas->devicePixelRatioF()));
        int differ = 0, bright = 0;
        // Right of the title and below it.
        for (int y = 60; y < screen.height(); ++y) {
            for (int x = 0; x < screen.width(); ++x) {
                differ += screen.pixel(x, y) != figure.pixel(2 * x, 2 * y);
                bright += qGray(screen.pixel(x, y)) > 30;
            }
        }
        const int all = screen.width() * (screen.height() - 60);
        QVERIFY(bright > all / 10);
        QVERIFY2(differ < all / 20, qPrintable(QString("%1 of %2").arg(differ).arg(all)));
        // The screen goes on as it was.
        QVERIFY(m_canvas->grabFrame() == screen);
    }

    // Words and the scale bar are no pixels of vector files; titles can be left out.
    void wordsStayVectors() {
        exportTo(path("labelled.svg"), 2, true);
        const auto labelled = contents("labelled.svg");
        QVERIFY(labelled.contains("<image") && labelled.contains(">counting<"));
        QVERIFY(labelled.contains("µm<"));
        exportTo(path("bare.svg"), 2, false);
        const auto bare = contents("bare.svg");
        QVERIFY(bare.contains("<image") && !bare.contains("counting") && bare.contains("µm<"));
        exportTo(path("figure.pdf"), 2, true);
        const auto pdf = contents("figure.pdf");
        QVERIFY(pdf.startsWith("%PDF"));
        const QRegularExpression box(R"(MediaBox \[0(?:\.0*)? 0(?:\.0*)? ([\d.]+) ([\d.]+)\])");
        const auto match = box.match(QString::fromLatin1(pdf));
        QVERIFY(match.hasMatch());
        QVERIFY(std::abs(match.captured(1).toDouble() - m_canvas->width() * 0.75) < 1);
        QVERIFY(std::abs(match.captured(2).toDouble() - m_canvas->height() * 0.75) < 1);
    }

    // The next figure starts from the last one's options; one that cannot be written says so.
    void optionsAreKeptAndFailuresSaid() {
        exportTo(path("no/such/folder.png"), 5, false);
        auto* bar = find<ui::widgets::MessageBar>("messageBar");
        QVERIFY(bar && bar->isVisible());
        QVERIFY(!QFileInfo::exists(path("no")));
        QTest::keyClick(m_window.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(find<QDialog>("figureDialog"));
        QCOMPARE(find<QSpinBox>("figureMagnification")->value(), 5);
        QVERIFY(!find<QCheckBox>("figureLabels")->isChecked());
        find<QDialog>("figureDialog")->reject();
    }
};

QTEST_MAIN(TestFigureExport)
#include "tst_figure_export.moc"
