// Finding commands by a few letters.
#include <QTest>

#include "ui/model/fuzzy_match.h"

using posteria::ui::fuzzyMatch;

class TestFuzzyMatch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void lettersInTheirOrderMatch_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        QTest::newRow("nothing asked") << ""
                                       << "Open…" << true;
        QTest::newRow("start") << "op"
                               << "Open…" << true;
        QTest::newRow("case") << "OPEN"
                              << "open…" << true;
        QTest::newRow("blanks") << "save mean"
                                << "File ▸ Save Mean…" << true;
        QTest::newRow("spread") << "svun"
                                << "Save Uncertainty…" << true;
        QTest::newRow("order") << "po"
                               << "Open" << false;
        QTest::newRow("twice") << "oo"
                               << "Open" << false;
        QTest::newRow("missing") << "openx"
                                 << "Open…" << false;
        QTest::newRow("no text") << "a"
                                 << "" << false;
        QTest::newRow("umlaut") << "öff"
                                << "Datei ▸ Öffnen" << true;
    }
    void lettersInTheirOrderMatch() {
        QFETCH(QString, query);
        QFETCH(QString, text);
        QFETCH(bool, matches);
        QCOMPARE(fuzzyMatch(query, text).has_value(), matches);
    }

    void wordsAndNeighboursCountForMore() {
        const auto better = [](const char* query, const char* one, const char* other) {
            return fuzzyMatch(query, one).value() > fuzzyMatch(query, other).value();
        };
        QVERIFY(better("sm", "File ▸ Save Mean…", "File ▸ Screenshot of the Main Window"));
        QVERIFY(better("run", "Layers ▸ Filter ▸ Run", "Reset User Notes"));
        QVERIFY(better("home", "View ▸ Home", "Show Volume Menu"));
        QVERIFY(better("about", "Help ▸ About Posteria",
                       "Add Blue Output to the list of colours that are used"));
    }
};

QTEST_APPLESS_MAIN(TestFuzzyMatch)
#include "tst_fuzzy_match.moc"
