#include <QPushButton>
#include <QTest>

#include "ui/widgets/message_bar.h"

using posteria::ui::widgets::MessageBar;
using Severity = MessageBar::Severity;

class TestMessageBar : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void messagesStayUntilClosedAndErrorsComeFirst() {
        MessageBar bar;
        QVERIFY(bar.isHidden());
        bar.post(Severity::Warning, "no voxel size", "Set it by hand.");
        bar.post(Severity::Error, "no space left", "Free some.");
        bar.post(Severity::Error, "not an image");
        QCOMPARE(bar.message(), QString("no space left"));
        QCOMPARE(bar.hint(), QString("Free some."));
        auto* close = bar.findChild<QPushButton*>("messageClose");
        QVERIFY(close);
        QTest::mouseClick(close, Qt::LeftButton);
        QCOMPARE(bar.message(), QString("not an image"));
        QTest::mouseClick(close, Qt::LeftButton);
        QCOMPARE(bar.message(), QString("no voxel size"));
        QVERIFY(!bar.isHidden());
        QTest::mouseClick(close, Qt::LeftButton);
        QVERIFY(bar.isHidden());
    }

    void theSameMessageIsShownOnce() {
        MessageBar bar;
        for (int i = 0; i < 3; ++i)
            bar.post(Severity::Error, "a plane could not be read", "…");
        QCOMPARE(bar.count(), 1);
        bar.closeCurrent();
        bar.post(Severity::Error, "a plane could not be read", "…");
        QCOMPARE(bar.count(), 1);
    }
};

QTEST_MAIN(TestMessageBar)
#include "tst_message_bar.moc"
