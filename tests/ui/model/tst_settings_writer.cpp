// Settings reach the file while the program runs, written by another thread.
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "ui/model/settings_writer.h"

using namespace posteria::ui;

class TestSettingsWriter : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_path;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<SettingsWriter> m_writer;

    // As another program reads it: QSettings of this one share what they know of a file.
    QVariant stored(const QString& key) {
        const QString copy = m_folder.filePath("copy.ini");
        QFile::remove(copy);
        QFile::copy(m_path, copy);
        return QSettings(copy, QSettings::IniFormat).value(key);
    }
    void begin(int everyMs) {
        m_settings = std::make_unique<QSettings>(m_path, QSettings::IniFormat);
        m_writer = std::make_unique<SettingsWriter>(m_settings.get(), everyMs);
    }

  private Q_SLOTS:
    void init() {
        m_path = m_folder.filePath(QString("%1/settings.ini").arg(QTest::currentTestFunction()));
    }
    void cleanup() {
        m_writer.reset();
        m_settings.reset();
    }

    void changesAreWrittenWhileTheProgramRuns() {
        begin(20);
        m_settings->setValue("files/recent", QStringList({"a", "b"}));
        m_settings->setValue("window/lightTheme", true);
        QTRY_COMPARE(stored("files/recent").toStringList(), QStringList({"a", "b"}));
        QCOMPARE(stored("window/lightTheme").toBool(), true);
        m_settings->setValue("files/recent", QStringList({"c"}));
        m_settings->remove("window/lightTheme");
        QTRY_COMPARE(stored("files/recent").toStringList(), QStringList({"c"}));
        QTRY_VERIFY(!stored("window/lightTheme").isValid());
        QVERIFY(!QFileInfo::exists(m_path + ".new"));
    }

    // The event loop would have written: it never does.
    void theEventLoopDoesNotWrite() {
        begin(3600 * 1000);
        m_settings->setValue("key", 1);
        QCoreApplication::sendPostedEvents(m_settings.get());
        QVERIFY(!QFileInfo::exists(m_path));
        // What nobody has written yet is written at the end.
        m_writer.reset();
        QVERIFY(!QFileInfo::exists(m_path));
        m_settings.reset();
        QCOMPARE(stored("key").toInt(), 1);
    }

    void whatAnotherWindowWroteStays() {
        begin(20);
        m_settings->setValue("mine", 1);
        QTRY_COMPARE(stored("mine").toInt(), 1);
        QFile other(m_path);
        QVERIFY(other.open(QIODevice::Append));
        other.write("\n[other]\nkey=7\n");
        other.close();
        m_settings->setValue("mine", 2);
        QTRY_COMPARE(stored("mine").toInt(), 2);
        QCOMPARE(stored("other/key").toInt(), 7);
        cleanup();
        QCOMPARE(stored("mine").toInt(), 2);
        QCOMPARE(stored("other/key").toInt(), 7);
    }
};

QTEST_GUILESS_MAIN(TestSettingsWriter)
#include "tst_settings_writer.moc"
