// The real window for tests: the canvas that draws and real files; only the engine is a stand-in,
// and settings lie in a folder of the test's own. A test class inherits it beside QObject, calls
// freshWindow() in init() and closeWindow() in cleanup(). Change `services` before the window is
// made. A virtual X server has no window manager that would activate a window: activate() does.
#pragma once

#include <QAction>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "core/io/open.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/models.h"
#include "tests/ui/stacks.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/widgets/theme.h"

namespace posteria::test {

// The child of that name; a test cannot go on without it.
template <class W>
W* child(QWidget& window, const char* name) {
    auto* found = window.findChild<W*>(QLatin1String(name));
    if (!found) qFatal("no widget is called %s", name);
    return found;
}

class WindowFixture {
  protected:
    explicit WindowFixture(const QSize& size) : m_size(size) {
        services.engine = [] { return std::make_unique<FakeEngine>(); };
        services.open = [](const std::string& path) { return io::openAll(path); };
        services.models = [] { return twoModels(); };
    }
    ~WindowFixture() = default;

    QString path(const QString& name) const { return m_folder.filePath(name); }

    // With no settings, as on the first day.
    void freshWindow() {
        m_window.reset();
        m_settings = std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat);
        m_settings->clear();
        showWindow();
    }
    // With the settings as they are: a window of another day.
    void showWindow() {
        m_window.reset();
        m_canvas = new ui::viewer::LinkedCanvas;
        m_window = std::make_unique<ui::shell::MainWindow>(services, m_settings.get(), m_canvas);
        m_window->resize(m_size);
        m_window->show();
        activate();
    }
    void closeWindow() {
        m_window.reset();
        m_canvas = nullptr;
    }
    void activate() {
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    template <class W>
    W* child(const char* name) const {
        return test::child<W>(*m_window, name);
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::keyClick(m_window.get(), key, modifiers);
    }
    void add(image::StackPtr stack) {
        m_window->document().addImage(std::move(stack));
        QTRY_VERIFY(m_window->isIdle());
    }
    void open(const QStringList& paths) {
        m_window->open(paths);
        QTRY_VERIFY(m_window->isIdle());
    }
    void trigger(const char* name) {
        child<QAction>(name)->trigger();
        QTRY_VERIFY(m_window->isIdle());
    }
    ui::ViewState& view() { return m_window->document().view(); }
    std::vector<ui::Layer*> layers() const { return m_window->document().layers(); }

    ui::shell::Services services;
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ui::shell::MainWindow> m_window;
    ui::viewer::LinkedCanvas* m_canvas = nullptr;  // the window's

  private:
    QSize m_size;
};

}  // namespace posteria::test
