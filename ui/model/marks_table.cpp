#include "ui/model/marks_table.h"

#include <QCoreApplication>
#include <QStringList>
#include <cmath>

#include "core/base/error.h"
#include "ui/model/session_reader.h"

namespace posteria::ui {

namespace {

std::vector<QPointF> corners(const Mark& mark) {
    if (mark.kind != Mark::Kind::Rectangle && mark.kind != Mark::Kind::Ellipse) return mark.points;
    const QRectF box = boundsOf(mark);
    return {box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()};
}

// The cells of one line of a CSV; quoted ones may hold commas.
QStringList cellsOf(const QString& line) {
    QStringList cells{QString()};
    bool quoted = false;
    for (const QChar c : line) {
        if (c == QLatin1Char('"'))
            quoted = !quoted;
        else if (c == QLatin1Char(',') && !quoted)
            cells << QString();
        else
            cells.back() += c;
    }
    for (auto& cell : cells)
        cell = cell.trimmed();
    return cells;
}

class TableReader {
    Q_DECLARE_TR_FUNCTIONS(MarksTable)
  public:
    TableReader(const QString& file, const image::StackInfo& image) : m_file(file) {
        if (image.voxelSize) m_pixel = {image.voxelSize->x, image.voxelSize->y};
        m_hasT = image.shape.t > 1;
        m_hasZ = image.shape.z > 1;
    }

    MarksTable read(const QByteArray& text) {
        const QStringList lines = QString::fromUtf8(text).split(QLatin1Char('\n'));
        readHead(lines.front());
        for (m_line = 2; m_line <= lines.size(); ++m_line) {
            const QString line = lines[m_line - 1].trimmed();
            if (!line.isEmpty()) readRow(cellsOf(line));
        }
        finish();
        return std::move(m_table);
    }

  private:
    [[noreturn]] void fail(const QString& what) const { fail(m_line, what); }
    [[noreturn]] void fail(qsizetype line, const QString& what) const {
        throw Error(ErrorKind::Input, tr("line %1: %2").arg(line).arg(what).toStdString(),
                    m_file.toStdString(),
                    tr("Tables of points and shapes have the columns that napari writes: index, "
                       "(shape-type, vertex-index,) axis-0, axis-1, …")
                        .toStdString());
    }
    void readHead(const QString& line) {
        const QStringList names = cellsOf(line.trimmed());
        m_columns = names.size();
        m_index = names.indexOf(QStringLiteral("index"));
        m_type = names.indexOf(QStringLiteral("shape-type"));
        for (int axis = 0; names.contains(QStringLiteral("axis-%1").arg(axis)); ++axis)
            m_axes << names.indexOf(QStringLiteral("axis-%1").arg(axis));
        const bool shapes = m_type >= 0;
        if (m_axes.size() < 2 || (shapes && m_index < 0))
            fail(tr("this is no table of points or shapes."));
        if (m_axes.size() > 4)
            fail(tr("positions have %1 axes; t, z, y and x are read.").arg(m_axes.size()));
        m_table.role = shapes ? Layer::Role::Shapes : Layer::Role::Points;
        m_table.everySlice = m_axes.size() < 2 + int(m_hasT) + int(m_hasZ);
    }
    double number(const QStringList& cells, qsizetype column) const {
        bool isNumber = false;
        const double value = cells[column].toDouble(&isNumber);
        if (!isNumber || !std::isfinite(value) || std::abs(value) > 1e9)
            fail(tr("“%1” is no position.").arg(cells[column].left(40)));
        return value;
    }
    void readRow(const QStringList& cells) {
        if (cells.size() < m_columns)
            fail(tr("there are %1 columns instead of %2.").arg(cells.size()).arg(m_columns));
        const auto last = m_axes.size() - 1;
        Mark corner;
        corner.points = {{number(cells, m_axes[last]) * m_pixel.x(),
                          number(cells, m_axes[last - 1]) * m_pixel.y()}};
        const auto whole = [&](qsizetype axis) {
            return std::max<std::int64_t>(std::llround(number(cells, m_axes[axis])), 0);
        };
        // Of three axes the first is z, where the image has slices.
        if (last == 3) corner.t = whole(0);
        if (last == 3 || (last == 2 && (m_hasZ || !m_hasT))) corner.z = whole(last - 2);
        if (last == 2 && m_hasT && !m_hasZ) corner.t = whole(0);
        if (m_type < 0) {
            m_table.marks.push_back(std::move(corner));
            return;
        }
        const QString shape = cells[m_index];
        if (m_first < 0 || shape != m_shape) {
            finish();
            m_shape = shape;
            m_kind = cells[m_type].toLower();
            m_first = m_line;
            m_mark = std::move(corner);
        } else {
            m_mark.points.push_back(corner.points.front());
        }
    }
    // What has been read of a shape becomes a mark.
    void finish() {
        const auto first = std::exchange(m_first, -1);
        if (first < 0) return;
        auto& p = m_mark.points;
        const auto count = p.size();
        const auto need = [&](bool enough) {
            if (!enough) fail(first, tr("this %1 has %2 corners.").arg(m_kind).arg(count));
        };
        if (m_kind == QLatin1String("line") || m_kind == QLatin1String("path")) {
            need(m_kind == QLatin1String("line") ? count == 2 : count >= 2);
            const auto path = p;
            m_mark.kind = Mark::Kind::Line;
            for (std::size_t i = 0; i + 1 < count; ++i) {
                p = {path[i], path[i + 1]};
                m_table.marks.push_back(m_mark);
            }
            return;
        }
        if (m_kind == QLatin1String("polygon")) {
            need(count >= 3);
            m_mark.kind = Mark::Kind::Polygon;
        } else if (m_kind == QLatin1String("rectangle") || m_kind == QLatin1String("ellipse")) {
            need(count == 4);
            const bool round = m_kind == QLatin1String("ellipse");
            const QPointF a = p[1] - p[0], b = p[3] - p[0];
            const double slack = 1e-6 * (a.manhattanLength() + b.manhattanLength());
            const auto lies = [slack](double x, double y) {
                return std::abs(x) + std::abs(y) <= slack;
            };
            if (lies(a.x(), b.y()) || lies(a.y(), b.x())) {
                m_mark.kind = round ? Mark::Kind::Ellipse : Mark::Kind::Rectangle;
                p = {p[0], p[2]};
            } else {
                m_mark.kind = Mark::Kind::Polygon;
                if (round) p = turnedEllipse(p[0], a, b);
            }
        } else {
            fail(first, tr("“%1” is no kind of shape.").arg(m_kind.left(40)));
        }
        m_table.marks.push_back(std::move(m_mark));
    }
    static std::vector<QPointF> turnedEllipse(const QPointF& corner, const QPointF& a,
                                              const QPointF& b) {
        Mark unit{Mark::Kind::Ellipse, {{0, 0}, {1, 1}}};
        std::vector<QPointF> points;
        for (const auto& on : outlineOf(unit))
            points.push_back(corner + on.x() * a + on.y() * b);
        return points;
    }

    QString m_file;
    QPointF m_pixel{1, 1};
    bool m_hasT = false, m_hasZ = false;
    MarksTable m_table;
    qsizetype m_line = 1, m_columns = 0, m_index = -1, m_type = -1;
    QList<qsizetype> m_axes;
    // The shape that is being read; -1: none.
    qsizetype m_first = -1;
    QString m_shape, m_kind;
    Mark m_mark;
};

}  // namespace

MarksTable readMarksTable(const QByteArray& text, const QString& file,
                          const image::StackInfo& image) {
    return TableReader(file, image).read(text);
}

QByteArray marksTable(const MarkLayer& layer, const ViewState& view) {
    const bool points = layer.role() == Layer::Role::Points;
    const bool hasT = view.shape().t > 1, hasZ = view.shape().z > 1;
    QStringList head{QStringLiteral("index")};
    if (!points) head << QStringLiteral("shape-type") << QStringLiteral("vertex-index");
    for (int axis = 0; axis < 2 + int(hasT) + int(hasZ); ++axis)
        head << QStringLiteral("axis-%1").arg(axis);
    QStringList lines{head.join(QLatin1Char(','))};
    for (std::size_t i = 0; i < layer.marks().size(); ++i) {
        const Mark& mark = layer.marks()[i];
        const auto all = corners(mark);
        for (std::size_t k = 0; k < all.size(); ++k) {
            QStringList row{QString::number(i)};
            if (!points) row << wordOf(kMarkWords, mark.kind) << QString::number(k);
            if (hasT) row << QString::number(mark.t);
            if (hasZ) row << QString::number(mark.z);
            const QPointF pixel = view.toPixel(all[k]);
            row << QString::number(pixel.y(), 'f', 3) << QString::number(pixel.x(), 'f', 3);
            lines << row.join(QLatin1Char(','));
        }
    }
    return (lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8();
}

}  // namespace posteria::ui
