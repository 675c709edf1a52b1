#include "include_rules.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <vector>

#include "source_tree.h"

namespace {

struct Module {
    QString folder;
    int floor;
    QStringList sees = {};   // prefixes; empty: every lower floor
    bool torchFree = false;  // whatever it includes, however far down, knows no LibTorch
};

// Private: other modules may not meet it behind a header they include.
enum class Where { Anywhere, Private };

struct Library {
    QString name;
    QString pattern;    // of the include
    QStringList users;  // prefixes of the folders that may include it
    Where where = Where::Anywhere;
};

const QStringList kQtUsers{"ui/", "app/posteria/"};
const QStringList kTorchUsers{"core/tensor/",     "core/physics/",  "core/nn/",    "core/sampling/",
                              "core/simulation/", "core/training/", "core/engine/"};
const QStringList kJsonUsers{"core/package/",  "core/analysis/", "core/nn/", "core/simulation/",
                             "core/training/", "core/engine/",   "app/",     "plugins/"};
// Plugins see the door and nothing behind it.
const QStringList kDoor{"core/plugin/plugin_abi.h"};
const QString kTorch = "LibTorch";

const std::vector<Module> kModules{
    {"core/base", 0},
    {"core/image", 1},
    {"core/io", 2},
    {"core/posterior", 2},
    {"core/package", 2, {"core/base/"}},
    {"core/analysis", 3},
    {"core/plugin", 3},
    {"core/tensor", 3},
    {"core/physics", 4},
    {"core/nn", 4},
    {"core/sampling", 5},
    {"core/simulation", 5},
    {"core/training", 6},
    {"core/engine", 7},
    {"ui/model", 8, {}, true},
    {"ui/widgets", 9, {}, true},
    {"ui/viewer", 9, {}, true},
    {"ui/shell", 10, {}, true},
    {"plugins/gaussian_blur", 4, kDoor, true},
    {"plugins/ome_zarr", 4, kDoor, true},
    {"plugins/template", 4, kDoor, true},
    {"app/posteria", 11, {}, true},
    {"app/posteria-cli", 11, {"core/"}, true},
};

// The first whose pattern fits decides; an include that fits none is reported.
const std::vector<Library> kLibraries{
    {"Qt Core and Gui", "^Qt(Core|Gui|Concurrent)(/|$)", kQtUsers},
    {"Qt Widgets", "^QtWidgets(/|$)", {"ui/widgets/", "ui/viewer/", "ui/shell/", "app/posteria/"}},
    {"Qt OpenGL", "^QtOpenGL(Widgets)?(/|$)", {"ui/viewer/"}},
    {"Qt Svg", "^QtSvg(/|$)", {"ui/viewer/"}, Where::Private},
    {"another Qt module", "^Qt[A-Z?]", {}},
    {"VTK", "^vtk", {"ui/viewer/"}},
    {kTorch, "^(torch|ATen|c10|caffe2)/", kTorchUsers},
    {"libtiff", "^tiff(io|vers|conf)?\\.h", {"core/io/"}, Where::Private},
    {"libpng", "^png(conf)?\\.h", {"core/io/"}, Where::Private},
    {"libjpeg-turbo", "^turbojpeg\\.h", {"core/io/"}, Where::Private},
    {"pugixml", "^pugi(xml|config)\\.hpp", {"core/io/"}, Where::Private},
    {"spdlog", "^(spdlog|fmt)/", {"core/base/"}, Where::Private},
    {"OpenCV", "^opencv", {"core/analysis/"}, Where::Private},
    {"codecs", "^(blosc|zlib|zstd)\\.h", {"plugins/ome_zarr/"}, Where::Private},
    {"the installed interface", "^posteria/plugin_abi\\.h", {"plugins/template/"}},
    {"CLI11", "^CLI/", {"app/posteria-cli/"}},
    {"nlohmann-json", "^nlohmann/json_fwd", kJsonUsers},
    {"nlohmann-json", "^nlohmann/", kJsonUsers, Where::Private},
    {"the dynamic loader",
     "^(dlfcn|elf|link)\\.h",
     {"core/plugin/", "core/engine/"},
     Where::Private},
    {"POSIX",
     "^(unistd|fcntl|malloc|signal|pthread|sched|termios|dirent|glob|poll)\\.h$|^sys/[a-z]+\\.h$",
     {"core/", "app/", "plugins/"},
     Where::Private},
    {"the C library",
     "^(std[a-z]+|string|math|float|limits|inttypes|errno|ctype)\\.h$",
     {"core/", "ui/", "plugins/"}},
    {"the C++ library", "^[a-z][a-z_]+$", {"core/", "ui/", "app/", "plugins/"}},
};

bool startsWithAny(const QString& text, const QStringList& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const QString& prefix) { return text.startsWith(prefix); });
}

const Module* moduleOf(const QString& path) {
    for (const Module& module : kModules)
        if (path.startsWith(module.folder + "/")) return &module;
    return nullptr;
}

// <QWidget> says nothing of its library: find the folder of Qt's headers it lies in.
QString withQtModule(const QString& include) {
    static const QRegularExpression qtClass("^Q[A-Za-z0-9]+$");
    if (!qtClass.match(include).hasMatch()) return include;
    const QDir headers(QLibraryInfo::path(QLibraryInfo::HeadersPath));
    for (const QString& module : headers.entryList({"Qt*"}, QDir::Dirs))
        if (headers.exists(module + "/" + include)) return module + "/" + include;
    return "Qt?/" + include;
}

const Library* libraryOf(const QString& include) {
    static QHash<QString, const Library*> known;
    const auto found = known.constFind(include);
    if (found != known.constEnd()) return *found;
    const QString full = withQtModule(include);
    const Library* result = nullptr;
    for (const Library& library : kLibraries)
        if (!result && QRegularExpression(library.pattern).match(full).hasMatch())
            result = &library;
    return *known.insert(include, result);
}

struct Include {
    int line;
    QString what;
    bool quoted;
};

std::vector<Include> includesOf(const QString& path) {
    static const QRegularExpression directive("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]");
    std::vector<Include> includes;
    const QStringList lines = linesOf(path);
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = directive.match(lines[i]);
        if (match.hasMatch())
            includes.push_back({i + 1, match.captured(2), match.captured(1) == "\""});
    }
    return includes;
}

class Checker {
  public:
    explicit Checker(const QString& root) : m_root(root) {}

    QStringList run() {
        for (const QString& file : sourceFiles(m_root, {"core", "ui", "app", "plugins"}))
            checkFile(file);
        return m_violations;
    }

  private:
    void checkFile(const QString& file) {
        const Module* module = moduleOf(file);
        if (!module) {
            m_violations << file + " belongs to no module of the table";
            return;
        }
        for (const Include& include : includes(file)) {
            const QString problem = include.quoted ? projectProblem(*module, include.what)
                                                   : libraryProblem(file, include.what);
            if (!problem.isEmpty())
                m_violations << QString("%1:%2 includes %3: %4")
                                    .arg(file)
                                    .arg(include.line)
                                    .arg(include.what, problem);
        }
        QSet<QString> seen;
        const QString way = forbiddenWay(*module, file, seen);
        if (!way.isEmpty()) m_violations << file + " reaches what it must not: " + way;
    }

    QString projectProblem(const Module& module, const QString& include) const {
        if (include.endsWith(".moc") && !include.contains('/')) return {};
        const Module* other = moduleOf(include);
        if (!other) return "project includes start at the root, in a module";
        if (!QFileInfo::exists(m_root + "/" + include) &&
            !QFileInfo::exists(m_root + "/" + include + ".in"))
            return "there is no such file";
        if (other == &module) return {};
        if (other->floor >= module.floor)
            return QString("%1 is on floor %2, %3 on floor %4: only lower floors may be seen")
                .arg(other->folder)
                .arg(other->floor)
                .arg(module.folder)
                .arg(module.floor);
        if (!module.sees.isEmpty() && !startsWithAny(include, module.sees))
            return QString("%1 sees only %2").arg(module.folder, module.sees.join(", "));
        return {};
    }

    QString libraryProblem(const QString& file, const QString& include) const {
        const Library* library = libraryOf(include);
        if (!library) return "a library that the table does not know";
        if (!startsWithAny(file, library->users))
            return QString("%1 is seen only by %2")
                .arg(library->name,
                     library->users.isEmpty() ? "nobody" : library->users.join(", "));
        return {};
    }

    // The first chain of includes to LibTorch, where the module must not know it, or to a library
    // that another module keeps to itself: "a.cpp > b.h > ATen/core/Tensor.h". Empty when there is
    // none.
    QString forbiddenWay(const Module& module, const QString& file, QSet<QString>& seen) {
        if (seen.contains(file)) return {};
        seen.insert(file);
        for (const Include& include : includes(file)) {
            if (include.quoted) {
                if (!QFileInfo::exists(m_root + "/" + include.what)) continue;
                const QString way = forbiddenWay(module, include.what, seen);
                if (!way.isEmpty()) return file + " > " + way;
            } else if (const Library* library = libraryOf(include.what)) {
                if ((module.torchFree && library->name == kTorch) ||
                    (library->where == Where::Private && moduleOf(file) != &module))
                    return file + " > " + include.what;
            }
        }
        return {};
    }

    const std::vector<Include>& includes(const QString& file) {
        const auto known = m_includes.constFind(file);
        if (known != m_includes.constEnd()) return *known;
        return *m_includes.insert(file, includesOf(m_root + "/" + file));
    }

    QString m_root;
    QStringList m_violations;
    QHash<QString, std::vector<Include>> m_includes;
};

}  // namespace

QStringList includeViolations(const QString& root) {
    return Checker(root).run();
}
