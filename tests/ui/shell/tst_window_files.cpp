// Folders of images and files that become one stack, in the real window: dropped, and chosen in
// dialogs.
#include <QApplication>
#include <QDialogButtonBox>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/shell/window_fixture.h"

using namespace posteria;

class TestWindowFiles : public QObject, test::WindowFixture {
    Q_OBJECT

    // In a folder of this test function's own.
    QString file(const QString& name) const {
        return path(QLatin1String(QTest::currentTestFunction()) + QLatin1Char('/') + name);
    }
    QString makePicture(const QString& name, int grey, const QSize& size = {8, 6}) {
        const auto path = file(name);
        QImage image(size, QImage::Format_Grayscale8);
        image.fill(grey);
        if (!image.save(path, "PNG")) qFatal("%s could not be written", qPrintable(path));
        return path;
    }
    QString makeStack(const QString& name, int slices) {
        const auto path = file(name);
        io::writeOmeTiff(path.toStdString(), {test::countingStack(16, 1, "stack", slices)});
        return path;
    }
    QString makeFolder(const char* name, int images) {
        QDir().mkpath(file(QLatin1String(name)));
        for (int i = 1; i <= images; ++i)
            makePicture(QStringLiteral("%1/z%2.png").arg(QLatin1String(name)).arg(i), i);
        return file(QLatin1String(name));
    }
    void drop(const QStringList& paths, Qt::KeyboardModifiers modifiers = {},
              Qt::DropActions offered = Qt::CopyAction) {
        QMimeData data;
        QList<QUrl> urls;
        for (const auto& path : paths)
            urls << QUrl::fromLocalFile(path);
        data.setUrls(urls);
        QDragEnterEvent enter({50, 50}, offered, &data, Qt::LeftButton, modifiers);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event({50, 50}, offered, &data, Qt::LeftButton, modifiers);
        QApplication::sendEvent(m_window.get(), &event);
        QVERIFY(event.isAccepted());
        QCOMPARE(event.dropAction(), offered & Qt::CopyAction ? Qt::CopyAction : Qt::IgnoreAction);
    }
    QStringList names() {
        QStringList names;
        for (const auto* layer : layers())
            names << layer->name();
        return names;
    }
    const image::Stack& stack() { return *layers().at(0)->stack(); }
    QString message() { return child<QLabel>("messageText")->text(); }
    QMessageBox* question() { return m_window->findChild<QMessageBox*>("folderQuestion"); }
    QStringList recent() {
        QStringList paths;
        for (const auto* action : child<QMenu>("menuRecent")->actions())
            if (action->objectName().startsWith("actionRecent:"))
                paths << action->objectName().mid(13);
        return paths;
    }
    void answer(const char* button) {
        QPointer<QMessageBox> box(question());
        QTest::mouseClick(test::child<QPushButton>(*box, button), Qt::LeftButton);
        QTRY_VERIFY(!box);
    }
    // Types into a file dialog that a key has opened, and accepts.
    void fillDialog(const char* name, const QString& text) {
        auto* dialog = child<QFileDialog>(name);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto* edit = test::child<QLineEdit>(*dialog, "fileNameEdit");
        QTRY_VERIFY((edit->selectAll(), QTest::keyClicks(edit, text), edit->text() == text));
        QPointer<QFileDialog> gone(dialog);
        auto* buttons = test::child<QDialogButtonBox>(*dialog, "buttonBox");
        auto* accept = buttons->button(QDialogButtonBox::Open);
        if (!accept) accept = buttons->findChild<QPushButton*>();  // a folder is chosen
        const auto accepted = [&] {
            if (gone && dialog->isVisible() && accept->isEnabled())
                QTest::mouseClick(accept, Qt::LeftButton);
            return gone.isNull();
        };
        QTRY_VERIFY(accepted());
    }

  public:
    TestWindowFiles() : WindowFixture({1100, 800}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        freshWindow();
        QVERIFY(QDir().mkpath(file({})));
    }
    void cleanup() { closeWindow(); }

    void aDroppedFolderOpensItsImagesInNaturalOrder() {
        const auto folder = makeFolder("field", 11);
        QFile notes(folder + "/notes.txt");
        QVERIFY(notes.open(QIODevice::WriteOnly));
        QVERIFY(QDir(folder).mkdir("below"));
        makePicture("field/below/deep.png", 1);
        drop({folder});
        QTRY_COMPARE(names().size(), 11);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(names().mid(0, 3), (QStringList{"z1.png", "z2.png", "z3.png"}));
        QCOMPARE(names().last(), QString("z11.png"));
        QVERIFY(!m_window->lastError());
        QVERIFY(!question());
    }

    void theFolderDialogOpensThemAsWell() {
        const auto folder = makeFolder("field", 2);
        press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        fillDialog("openFolderDialog", folder);
        QTRY_COMPARE(names(), (QStringList{"z1.png", "z2.png"}));
        QTRY_VERIFY(m_window->isIdle());
    }

    void manyImagesAreAskedFor() {
        const auto folder = makeFolder("many", 21);
        drop({folder});
        QTRY_VERIFY(question());
        QVERIFY(question()->text().contains("21"));
        QPointer<QMessageBox> box(question());
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box);
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(names().isEmpty());
        QVERIFY(recent().isEmpty());

        drop({folder});
        QTRY_VERIFY(question());
        answer("folderOpenStack");
        QTRY_COMPARE(names(), QStringList("z · 21 files"));
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(stack().shape().z, std::int64_t(21));
        QCOMPARE(stack().readPlane({0, 0, 9}).value(0, 0), 10.0);

        QCOMPARE(recent(), QStringList(folder));
        child<QAction>(qPrintable("actionRecent:" + folder))->trigger();
        QTRY_VERIFY(question());
        answer("folderOpenAll");
        QTRY_COMPARE(names().size(), 22);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(recent(), QStringList(folder));
    }

    // Its images do not push everything else out of the list; opened by themselves, they are in it.
    void aFolderIsOneRecentFile() {
        const auto folder = makeFolder("field", 3), single = makePicture("single.png", 1);
        open({single, folder + "/", makePicture("other.png", 1)});
        QTRY_COMPARE(names().size(), 5);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(recent(), (QStringList{file("other.png"), folder, single}));
        open({folder + "/z2.png"});
        QTRY_COMPARE(recent().first(), folder + "/z2.png");
        showWindow();
        child<QAction>(qPrintable("actionRecent:" + folder))->trigger();
        QTRY_COMPARE(names(), (QStringList{"z1.png", "z2.png", "z3.png"}));
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(recent().first(), folder);
        // Gone, it is forgotten.
        QVERIFY(QDir(folder).removeRecursively());
        child<QAction>(qPrintable("actionRecent:" + folder))->trigger();
        QTRY_VERIFY(m_window->lastError() == ErrorKind::Input);
        QTRY_VERIFY(!recent().contains(folder));
    }

    void aFolderWithoutImagesIsToldInOneSentence() {
        const auto folder = makeFolder("papers", 0);
        QFile notes(folder + "/notes.txt");
        QVERIFY(notes.open(QIODevice::WriteOnly));
        drop({folder});
        QTRY_VERIFY(m_window->lastError() == ErrorKind::Input);
        QVERIFY(message().startsWith("papers: There is no image to open in this folder."));
        QVERIFY(names().isEmpty());
    }

    void filesDroppedWithShiftAreOneStack() {
        QStringList files;
        for (const int i : {10, 9, 1})
            files << makePicture(QStringLiteral("cell_%1.png").arg(i), i);
        drop(files, Qt::ShiftModifier, Qt::CopyAction | Qt::MoveAction);
        QTRY_COMPARE(names(), QStringList("cell · 3 files"));
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(stack().shape().z, std::int64_t(3));
        // The slider goes through the files in their natural order.
        QCOMPARE(m_window->document().view().shape().z, std::int64_t(3));
        const int greys[] = {1, 9, 10};
        for (int z = 0; z < 3; ++z) {
            m_window->document().view().setZ(z);
            QTRY_VERIFY(m_window->isIdle());
            QCOMPARE(stack().readPlane({0, 0, z}).value(0, 0), double(greys[z]));
        }
        // Nor does a file manager that offers to move only hear that they were moved.
        drop(files, Qt::ShiftModifier, Qt::MoveAction);
        QTRY_COMPARE(names().size(), 2);
        // Without Shift they are three images.
        drop(files);
        QTRY_COMPARE(names().size(), 5);
        QTRY_VERIFY(m_window->isIdle());
    }

    void stacksFollowInTimeFromTheDialog() {
        const auto one = makeStack("t1.ome.tif", 3), two = makeStack("t2.ome.tif", 3);
        press(Qt::Key_O, Qt::ControlModifier | Qt::AltModifier);
        fillDialog("openStackDialog", QStringLiteral("\"%1\" \"%2\"").arg(one, two));
        QTRY_COMPARE(names(), QStringList("t · 2 files"));
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(stack().shape() == (image::Shape{2, 1, 3, 16, 16}));
        QCOMPARE(stack().info().voxelSize->z, 0.3);
    }

    void whatDoesNotFitIsRefusedByName() {
        drop({makePicture("a.png", 1), makePicture("b.png", 1, {9, 6}), makePicture("c.png", 1)},
             Qt::ShiftModifier);
        QTRY_VERIFY(m_window->lastError() == ErrorKind::Input);
        QVERIFY2(message().startsWith("b.png has 9 × 6 pixels, the files before it 8 × 6 pixels."),
                 qPrintable(message()));
        QVERIFY(names().isEmpty());
    }

    // Stacks of files are in no one file, and so in no session.
    void aSessionSaysWhatItLeavesOut() {
        drop({makePicture("a.png", 1), makePicture("b.png", 2)}, Qt::ShiftModifier);
        QTRY_COMPARE(names().size(), 1);
        QTRY_VERIFY(m_window->isIdle());
        const auto session = ui::takeSession(m_window->document(), m_window->settings(), "grid");
        QCOMPARE(session.images.size(), std::size_t(0));
        QCOMPARE(session.leftOut.size(), 1);
    }
};

QTEST_MAIN(TestWindowFiles)
#include "tst_window_files.moc"
