// Movies of the canvas, exported by menu and dialogs of the real window.
#include <sys/resource.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFileDialog>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QtEndian>
#include <csignal>

#include "core/io/open.h"
#include "tests/e2e/imagej.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/models.h"
#include "tests/ui/runs.h"
#include "tests/ui/stacks.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/viewer/volume_view.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/theme.h"

using namespace posteria;
using namespace posteria::ui::viewer;
using ui::shell::MainWindow;
using ui::shell::MovieAxis;
using ui::shell::MovieExport;
using Kind = MovieWriter::Kind;

namespace {

// Slice z of time t is (40 t + 8 z) grey, everywhere.
image::StackPtr greyStack(int times, int slices, int side = 48) {
    image::StackInfo info;
    info.name = "grey";
    info.type = image::PixelType::UInt8;
    info.shape = {times, 1, slices, side, side};
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    std::vector<image::Plane> planes;
    for (int p = 0; p < times * slices; ++p) {
        void* data = nullptr;
        planes.push_back(image::Plane::allocate(info.type, side, side, &data));
        std::fill_n(static_cast<std::uint8_t*>(data), side * side,
                    std::uint8_t(40 * (p / slices) + 8 * (p % slices)));
    }
    return image::makeMemoryStack(info, std::move(planes));
}

// A video as its own bytes tell it, every chunk walked through.
struct Video {
    bool valid = false;
    int frames = 0, width = 0, height = 0, rate = 0;
    std::vector<QImage> pictures;
};

quint32 number(const QByteArray& bytes, qint64 at) {
    return at + 4 <= bytes.size() ? qFromLittleEndian<quint32>(bytes.constData() + at) : 0;
}

Video readVideo(const QString& path) {
    QFile file(path);
    Video video;
    if (!file.open(QIODevice::ReadOnly)) return video;
    const QByteArray bytes = file.readAll();
    const auto is = [&](qint64 at, const char* name) { return bytes.mid(at, 4) == name; };
    if (!is(0, "RIFF") || !is(8, "AVI ") || number(bytes, 4) != quint32(bytes.size()) - 8 ||
        !is(12, "LIST") || !is(20, "hdrl") || !is(24, "avih") || !is(112, "MJPG"))
        return video;
    video.frames = int(number(bytes, 48));
    video.width = int(number(bytes, 64));
    video.height = int(number(bytes, 68));
    video.rate = int(number(bytes, 132)) / int(std::max(number(bytes, 128), 1u));
    const qint64 movie = 20 + number(bytes, 16);
    if (!is(movie, "LIST") || !is(movie + 8, "movi")) return video;
    const qint64 index = movie + 8 + number(bytes, movie + 4);
    if (!is(index, "idx1") || index + 8 + number(bytes, index + 4) != bytes.size()) return video;
    video.valid = true;
    for (qint64 at = index + 8; at < bytes.size(); at += 16) {
        const qint64 chunk = movie + 8 + number(bytes, at + 8);
        video.valid = video.valid && is(at, "00dc") && is(chunk, "00dc") &&
                      number(bytes, chunk + 4) == number(bytes, at + 12);
        video.pictures.push_back(
            QImage::fromData(bytes.mid(chunk + 8, number(bytes, at + 12)), "JPG"));
    }
    return video;
}

}  // namespace

class TestMovieExport : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    LinkedCanvas* m_canvas = nullptr;

    QString path(const char* name) const { return m_folder->filePath(QLatin1String(name)); }
    template <class W>
    W* find(const char* name) const {
        return m_window->findChild<W*>(QLatin1String(name));
    }
    QAction* action() const { return find<QAction>("actionExportMovie"); }
    MovieExport* movies() const { return m_window->findChild<MovieExport*>(); }
    QStringList everything(const QString& folder) const {
        auto names = QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                                            QDir::Name);
        names.removeAll(QStringLiteral("settings.ini"));
        return names;
    }
    // As a user does: the menu, the axis, what the caller changes in the dialog, and a name.
    template <class Change>
    void begin(const QString& file, MovieAxis axis, Kind kind, Change change) {
        QVERIFY(action()->isEnabled());
        action()->trigger();
        QTRY_VERIFY(find<QDialog>("movieDialog"));
        auto* axes = find<QComboBox>("movieAxis");
        QVERIFY(axes->findData(int(axis)) >= 0);
        axes->setCurrentIndex(axes->findData(int(axis)));
        auto* kinds = find<QComboBox>("movieKind");
        kinds->setCurrentIndex(kinds->findData(int(kind)));
        change();
        QTest::mouseClick(find<QPushButton>("movieExport"), Qt::LeftButton);
        QTRY_VERIFY(find<QFileDialog>("saveDialog"));
        auto* dialog = find<QFileDialog>("saveDialog");
        QTRY_VERIFY(dialog->isVisible());
        auto* name = dialog->findChild<QLineEdit*>();
        name->setText(file);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!find<QFileDialog>("saveDialog"));
    }
    void finish() {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 60000);
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void add(image::StackPtr stack) {
        m_window->document().addImage(std::move(stack));
        QTRY_VERIFY(m_window->isIdle());
        // Grey values of the file are those of the screen.
        m_window->document().layers().back()->setLimits(0, {0, 255});
        QTRY_VERIFY(m_window->isIdle());
    }
    static int grey(const QImage& picture, double x = 0.5, double y = 0.4) {
        return qGray(picture.pixel(int(x * picture.width()), int(y * picture.height())));
    }

    // Parts of at most so many bytes, which an old player sees the first of.
    static QList<int> greysOf(const QByteArray& bytes) {
        QList<int> greys;
        const auto dwords = [&](qint64 at) { return number(bytes, at); };
        const qint64 indices = bytes.indexOf("indx");
        for (quint32 part = 0; part < dwords(indices + 12); ++part) {
            const qint64 index = dwords(indices + 32 + 16 * part);  // below 4 GB
            if (bytes.mid(index, 4) != "ix00" ||
                dwords(index + 4) + 8 != dwords(indices + 40 + 16 * part))
                return {};
            const qint64 base = dwords(index + 20);
            for (quint32 k = 0; k < dwords(index + 12); ++k) {
                const qint64 place = base + dwords(index + 32 + 8 * k);
                const auto size = dwords(index + 36 + 8 * k);
                if (bytes.mid(place - 8, 4) != "00dc" || dwords(place - 4) != size) return {};
                greys << qGray(QImage::fromData(bytes.mid(place, size), "JPG").pixel(20, 20));
            }
        }
        return greys;
    }

  private Q_SLOTS:
    void longVideosHaveParts() {
        const auto file = path("long.avi");
        constexpr int kFrames = 12;
        constexpr qint64 kPart = 16000;
        auto writer = MovieWriter::open(Kind::Video, file, 10, kFrames, kPart);
        qint64 jpeg = 0;
        for (int i = 0; i < kFrames; ++i) {
            QImage frame(64, 48, QImage::Format_RGB32);
            frame.fill(QColor(20 * i, 20 * i, 20 * i));
            writer->add(i, frame);
        }
        writer->finish();
        QFile avi(file);
        QVERIFY(avi.open(QIODevice::ReadOnly));
        const QByteArray bytes = avi.readAll();
        // Its parts follow one another without a gap, each no larger than it may be.
        int parts = 0;
        for (qint64 at = 0; at < bytes.size(); at += 8 + number(bytes, at + 4), ++parts) {
            QCOMPARE(bytes.mid(at, 4), QByteArray("RIFF"));
            QCOMPARE(bytes.mid(at + 8, 4), QByteArray(parts == 0 ? "AVI " : "AVIX"));
            QVERIFY(number(bytes, at + 4) + 8 <= kPart);
        }
        QVERIFY2(parts > 1, qPrintable(QString("%1 of %2").arg(parts).arg(bytes.size())));
        QList<int> expected;
        for (int i = 0; i < kFrames; ++i)
            expected << 20 * i;
        const auto greys = greysOf(bytes);
        QCOMPARE(greys.size(), expected.size());
        for (int i = 0; i < kFrames; ++i)
            QVERIFY(std::abs(greys[i] - expected[i]) <= 1);
        // Another program finds all of them.
        if (imagej::isInstalled()) {
            const auto seen = imagej::look(file, 1, kFrames, 1, 20, 20);
            QVERIFY2(seen.value(0).startsWith("64 48 12 "), qPrintable(seen.join('\n')));
        }
    }

    void initTestCase() { ui::widgets::theme::apply(*qApp); }

    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat);
        ui::shell::Services services;
        services.engine = [] { return std::make_unique<test::FakeEngine>(); };
        services.open = [](const std::string& file) { return io::openAll(file); };
        services.models = [] { return test::twoModels(); };
        m_canvas = new LinkedCanvas;
        m_window = std::make_unique<MainWindow>(services, m_settings.get(), m_canvas);
        m_window->resize(1000, 700);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    // Every slice a picture, in order, of the size of the canvas; the view and its history are as
    // they were.
    void slicesBecomeNumberedPictures() {
        QVERIFY(!action()->isEnabled());
        add(greyStack(1, 12));
        auto& view = m_window->document().view();
        view.setZ(7);
        view.zoomAt(view.center(), 2);
        QTRY_VERIFY(m_window->isIdle());
        const auto center = view.center();
        const auto scale = view.scale();
        const QImage screen = m_canvas->grabFrame();

        begin(path("slices"), MovieAxis::Slice, Kind::Pictures, [this] {
            QCOMPARE(find<QSpinBox>("movieLast")->value(), 12);
            find<QSpinBox>("movieFirst")->setValue(3);
            find<QSpinBox>("movieLast")->setValue(11);
        });
        finish();

        QCOMPARE(everything(m_folder->path()), QStringList{"slices"});
        const QDir folder(path("slices"));
        const auto files = everything(folder.path());
        QCOMPARE(files.size(), 9);
        QCOMPARE(files.first(), QString("slices_0001.png"));
        for (int i = 0; i < files.size(); ++i) {
            const QImage picture(folder.filePath(files[i]));
            QCOMPARE(picture.size(), screen.size());
            QCOMPARE(grey(picture), 8 * (i + 2));
        }
        QCOMPARE(view.z(), 7);
        QCOMPARE(view.center(), center);
        QCOMPARE(view.scale(), scale);
        QCOMPARE(m_canvas->grabFrame(), screen);
        QVERIFY(QFileInfo(path("slices")).permission(QFile::ReadOther | QFile::ExeOther));
    }

    // A video that other programs open: back and forth, ten frames a second unless told otherwise.
    void timeBecomesAVideo() {
        add(greyStack(5, 2));
        const QString undo = find<QAction>("actionUndo")->text();
        QVERIFY(undo.contains("Display"));
        begin(path("time.avi"), MovieAxis::Time, Kind::Video, [this] {
            QCOMPARE(find<QSpinBox>("movieRate")->value(), 10);
            find<QSpinBox>("movieRate")->setValue(25);
            find<QCheckBox>("movieBackAndForth")->setChecked(true);
        });
        finish();
        QCOMPARE(everything(m_folder->path()), QStringList{"time.avi"});
        const auto video = readVideo(path("time.avi"));
        QVERIFY(video.valid);
        QCOMPARE(video.frames, 8);
        QCOMPARE(video.rate, 25);
        QVERIFY(video.width % 2 == 0 && video.height % 2 == 0);
        QVERIFY(m_canvas->width() - video.width < 2 && m_canvas->height() - video.height < 2);
        QCOMPARE(int(video.pictures.size()), 8);
        const int z = int(m_window->document().view().z());
        const int times[] = {0, 1, 2, 3, 4, 3, 2, 1};
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(video.pictures[i].size(), QSize(video.width, video.height));
            const int shown = grey(video.pictures[i]), wanted = 40 * times[i] + 8 * z;
            QVERIFY2(std::abs(shown - wanted) <= 2,
                     qPrintable(QString("%1 shows %2, not %3").arg(i).arg(shown).arg(wanted)));
        }
        QCOMPARE(m_window->document().view().t(), 0);
        // Of the steps of the movie none is one to be undone.
        QTest::qWait(0);
        QCOMPARE(find<QAction>("actionUndo")->text(), undo);
    }

    void imageJOpensTheVideo() {
        if (!imagej::isInstalled()) QSKIP("ImageJ is not installed");
        add(greyStack(1, 6));
        begin(path("slices.avi"), MovieAxis::Slice, Kind::Video,
              [this] { find<QCheckBox>("movieLabels")->setChecked(false); });
        finish();
        const QSize size = readVideo(path("slices.avi")).pictures.at(0).size();
        const auto lines =
            imagej::look(path("slices.avi"), 1, 6, 1, size.width() / 2, size.height() / 2);
        QCOMPARE(lines.size(), 7);
        QVERIFY2(lines[0].startsWith(QString("%1 %2 6 ").arg(size.width()).arg(size.height())),
                 qPrintable(lines.join('\n')));
        QVERIFY2(QSet<QString>(lines.begin() + 1, lines.end()).size() == 6,
                 qPrintable(lines.join(QLatin1Char(10))));
    }

    // Twice as fine, without words: what was a title is black.
    void wordsCanBeLeftOut() {
        add(greyStack(1, 3));
        const auto bright = [](const QImage& picture) {
            int pixels = 0;
            for (int y = 0; y < picture.height(); ++y)
                for (int x = 0; x < picture.width(); ++x)
                    pixels += qGray(picture.pixel(x, y)) > 100;
            return pixels;
        };
        begin(path("words"), MovieAxis::Slice, Kind::Pictures, [] {});
        finish();
        begin(path("none"), MovieAxis::Slice, Kind::Pictures, [this] {
            find<QCheckBox>("movieLabels")->setChecked(false);
            auto* size = find<QComboBox>("movieSize");
            size->setCurrentIndex(size->findData(2));
        });
        finish();
        const QImage words(path("words/words_0003.png")), none(path("none/none_0003.png"));
        QCOMPARE(none.size(), 2 * words.size());
        QVERIFY(bright(words) > 200);
        QCOMPARE(bright(none), 0);
        QVERIFY(bright(m_canvas->grabFrame()) > 200);  // the screen has them again
    }

    void samplesOfARun() {
        auto& document = m_window->document();
        document.addImage(test::countingStack(32));
        ui::Run* run = document.startRun(test::requestFor(document), false);
        run->take(test::snapshotOf(4, 4));
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(!action()->isEnabled());  // while samples are coming
        run->stop(false);
        run->showSample(2);
        run->sample()->setLimits(0, {0, 4});
        QTRY_VERIFY(m_window->isIdle());
        begin(path("samples"), MovieAxis::Sample, Kind::Pictures, [] {});
        finish();
        QCOMPARE(everything(path("samples")).size(), 4);
        QCOMPARE(run->shownSample(), 2);
        // The pane of the sample is the one that differs; so does its title.
        QSet<QByteArray> different;
        for (const auto& file : everything(path("samples"))) {
            const QImage picture(path("samples/") + file);
            different << QByteArray(reinterpret_cast<const char*>(picture.constBits()),
                                    picture.sizeInBytes());
        }
        QCOMPARE(different.size(), 4);
    }

    // One turn of the volume's camera, whose pictures differ; then it is where it was.
    void theCameraTurnsOnce() {
        add(test::countingStack(32, 1, "volume", 6));
        find<QAction>("action3D")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 30000);
        const QPointF before = m_canvas->volume()->place(0, 0, 1);
        begin(path("turn"), MovieAxis::Turn, Kind::Pictures,
              [this] { find<QSpinBox>("movieTurnSteps")->setValue(6); });
        finish();
        const auto files = everything(path("turn"));
        QCOMPARE(files.size(), 6);
        QImage last;
        for (const auto& file : files) {
            const QImage picture(path("turn/") + file);
            QVERIFY(!picture.isNull() && picture != last);
            last = picture;
        }
        QVERIFY((m_canvas->volume()->place(0, 0, 1) - before).manhattanLength() < 1e-6);
    }

    void cancellingLeavesNothing_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("pictures") << int(Kind::Pictures);
        QTest::newRow("video") << int(Kind::Video);
    }
    void cancellingLeavesNothing() {
        QFETCH(int, kind);
        constexpr int kMany = 1500;  // more than a fast machine writes before the button is there
        add(greyStack(1, kMany));
        m_window->document().view().setZ(5);
        QTRY_VERIFY(m_window->isIdle());
        QSignalSpy saved(movies(), &MovieExport::saved);
        // The button is there as soon as the wait is one.
        int seen = 0;
        connect(movies(), &MovieExport::progress, m_window.get(), [&](int frames, int all) {
            QCOMPARE(all, kMany);
            seen = frames;
        });
        begin(path("gone.avi"), MovieAxis::Slice, Kind(kind), [] {});
        QTRY_VERIFY(find<QToolButton>("activityCancel")->isVisible() && seen > 1);
        QVERIFY(movies()->isBusy());
        QVERIFY(!everything(m_folder->path()).isEmpty());
        QTest::mouseClick(find<QToolButton>("activityCancel"), Qt::LeftButton);
        finish();
        QVERIFY(seen < kMany);
        QCOMPARE(saved.size(), 0);
        QCOMPARE(everything(m_folder->path()), QStringList());
        QCOMPARE(m_window->document().view().z(), 5);
        auto* bar = find<ui::widgets::MessageBar>("messageBar");
        QVERIFY(!bar || !bar->isVisible());
    }

    // A folder that cannot be written to, one that has something in it, and an image that goes
    // while its movie is made: one sentence each, and nothing is left.
    void failuresAreSaid() {
        auto* bar = find<ui::widgets::MessageBar>("messageBar");
        const auto said = [bar] {
            const QString text = bar->count() == 1 ? bar->message() : QString();
            bar->closeCurrent();
            return text;
        };
        add(greyStack(1, 4));
        begin(path("no/such/movie.avi"), MovieAxis::Slice, Kind::Video, [] {});
        finish();
        QVERIFY(said().contains("movie.avi"));
        QCOMPARE(everything(m_folder->path()), QStringList());

        QVERIFY(QDir(m_folder->path()).mkpath("full/of"));
        ui::shell::MovieOptions options;
        options.last = 3;
        options.kind = Kind::Pictures;
        movies()->write(options, path("full"));
        finish();
        QVERIFY(said().contains("already"));
        QCOMPARE(everything(path("full")), QStringList{"of"});
        QVERIFY(QDir(path("full")).removeRecursively());

        // Writing fails in the middle, as on a full disk.
        for (const auto kind : {Kind::Video, Kind::Pictures}) {
            options.kind = kind;
            const auto before = std::signal(SIGXFSZ, SIG_IGN);
            rlimit all{}, little{};
            QCOMPARE(::getrlimit(RLIMIT_FSIZE, &all), 0);
            little = all;
            little.rlim_cur = 3000;
            QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
            movies()->write(options, path("small.avi"));
            QTRY_VERIFY(!movies()->isBusy());
            QCOMPARE(::setrlimit(RLIMIT_FSIZE, &all), 0);
            std::signal(SIGXFSZ, before);
            finish();
            const QString text = said();
            QVERIFY2(text.contains("File too large"), qPrintable(text));
            QCOMPARE(everything(m_folder->path()), QStringList());
        }

        options.kind = Kind::Video;
        movies()->write(options, path("image.avi"));
        m_window->document().remove(m_window->document().layers().back());
        finish();
        QVERIFY(said().contains("changed"));
        QCOMPARE(everything(m_folder->path()), QStringList());
    }
};

QTEST_MAIN(TestMovieExport)
#include "tst_movie_export.moc"
