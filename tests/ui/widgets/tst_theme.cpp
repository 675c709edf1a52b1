// Both themes: words can be read on everything that they stand on, and a theme can be changed while
// widgets are shown.
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QTest>
#include <cmath>

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/welcome_page.h"

using namespace posteria::ui::widgets;
using theme::Theme;

namespace {

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

Q_DECLARE_METATYPE(posteria::ui::widgets::theme::Theme)

class TestTheme : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void cleanup() { theme::apply(*qApp); }

    void wordsCanBeRead_data() {
        QTest::addColumn<Theme>("which");
        QTest::newRow("dark") << Theme::Dark;
        QTest::newRow("light") << Theme::Light;
    }
    void wordsCanBeRead() {
        QFETCH(Theme, which);
        const auto& c = theme::colors(which);
        const auto reads = [](const QColor& words, const QColor& ground, double least) {
            const double found = contrast(words, ground);
            QVERIFY2(found >= least, qPrintable(QString("%1 on %2: %3")
                                                    .arg(words.name(), ground.name())
                                                    .arg(found, 0, 'f', 2)));
        };
        for (const auto& ground : {c.background, c.foreground, c.primary, c.secondary})
            reads(c.text, ground, 4.5);
        for (const auto& ground : {c.background, c.foreground})
            reads(c.dimmed, ground, 4.5);
        for (const auto& ground : {c.current, c.currentHover, c.currentPressed})
            reads(c.onCurrent, ground, 4.5);
        // Marks that are no words: 3 suffices.
        for (const auto& ground : {c.background, c.foreground, c.primary})
            reads(c.icon, ground, 3);
        reads(c.current, c.foreground, 2);
        reads(c.error, c.foreground, 3);
    }

    // The welcome page stands where the canvas does, which is black in both themes.
    void theWelcomePageCanBeReadInEitherTheme() {
        WelcomePage page;
        QAction open(QStringLiteral("Open"));
        open.setShortcut(QKeySequence(QStringLiteral("Ctrl+O")));
        page.showKeys({{&open, QStringLiteral("open an image")}});
        page.resize(700, 600);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        for (const auto which : {Theme::Dark, Theme::Light, Theme::Dark}) {
            theme::apply(*qApp, which);
            const QImage shown = page.grab().toImage();
            const QColor ground = shown.pixelColor(2, 2);
            int words = 0;
            for (const auto* label : page.findChildren<QLabel*>()) {
                if (label->text().isEmpty()) continue;
                ++words;
                // The letters themselves: the pixel that stands out most.
                double most = 1;
                for (int y = label->y(); y <= label->geometry().bottom(); ++y)
                    for (int x = label->x(); x <= label->geometry().right(); ++x)
                        most = std::max(most, contrast(shown.pixelColor(x, y), ground));
                QVERIFY2(most >= 4.5,
                         qPrintable(QString("%1: %2").arg(label->text()).arg(most, 0, 'f', 2)));
            }
            QVERIFY(words > 4);
        }
    }

    // A blind name in the style sheet would leave its $ in it.
    void everyNameIsKnown() {
        for (const auto which : {Theme::Dark, Theme::Light}) {
            theme::apply(*qApp, which);
            QVERIFY(!qApp->styleSheet().isEmpty());
            QVERIFY2(!qApp->styleSheet().contains('$'),
                     qPrintable(qApp->styleSheet().section('$', 1, 1).left(20)));
        }
    }

    void aThemeIsChangedWhileWidgetsAreShown() {
        theme::apply(*qApp);
        QLabel label(QStringLiteral("words"));
        label.setPixmap(icon(Symbol::Home).pixmap(16, 16));
        label.setAutoFillBackground(true);
        label.show();
        QVERIFY(QTest::qWaitForWindowExposed(&label));
        const auto inked = [] {
            const QImage image = icon(Symbol::Home).pixmap(32, 32).toImage();
            int brightest = 0, n = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (qAlpha(image.pixel(x, y)) < 255) continue;
                    brightest = std::max(brightest, qGray(image.pixel(x, y))), ++n;
                }
            }
            return n > 0 ? brightest : -1;
        };
        QVERIFY(inked() > 180);
        QVERIFY(qGray(qApp->palette().color(QPalette::Window).rgb()) < 60);
        theme::apply(*qApp, Theme::Light);
        QCOMPARE(theme::inUse(), Theme::Light);
        QVERIFY(inked() > 0 && inked() < 100);
        QVERIFY(qGray(qApp->palette().color(QPalette::Window).rgb()) > 200);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
