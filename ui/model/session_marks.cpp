#include "ui/model/session_marks.h"

#include <QJsonArray>

namespace posteria::ui {

namespace {

constexpr std::pair<Layer::Role, const char*> kRoles[] = {{Layer::Role::Shapes, "shapes"},
                                                          {Layer::Role::Points, "points"}};

Mark readMark(const SessionReader& r) {
    Mark mark;
    mark.kind = r.word("kind", kMarkWords);
    mark.t = r.whole("t", 0, 1000000000);
    mark.z = r.whole("z", 0, 1000000000);
    mark.points = r.points("points");
    const std::size_t least = mark.kind == Mark::Kind::Point     ? 1
                              : mark.kind == Mark::Kind::Polygon ? 3
                                                                 : 2;
    if (mark.points.size() < least ||
        (mark.kind != Mark::Kind::Polygon && mark.points.size() != least))
        r.fail("points", QStringLiteral("are not as many as its kind has"));
    return mark;
}

}  // namespace

SessionMarks takeMarks(const MarkLayer& layer) {
    return {layer.name(),    layer.role(),  layer.isVisible(),
            layer.opacity(), layer.style(), layer.marks()};
}

std::unique_ptr<MarkLayer> makeLayer(const SessionMarks& marks) {
    auto layer = std::make_unique<MarkLayer>(marks.name, marks.role);
    layer->setVisible(marks.visible);
    layer->setOpacity(marks.opacity);
    layer->setStyle(marks.style);
    layer->setMarks(marks.marks);
    return layer;
}

QJsonObject json(const SessionMarks& marks) {
    QJsonArray all;
    for (const Mark& mark : marks.marks) {
        QJsonArray points;
        for (const auto& point : mark.points)
            points.append(QJsonArray{point.x(), point.y()});
        all.append(QJsonObject{{"kind", wordOf(kMarkWords, mark.kind)},
                               {"t", double(mark.t)},
                               {"z", double(mark.z)},
                               {"points", points}});
    }
    return {{"name", marks.name},
            {"kind", wordOf(kRoles, marks.role)},
            {"visible", marks.visible},
            {"opacity", marks.opacity},
            {"color", marks.style.color.name()},
            {"width", marks.style.width},
            {"size", marks.style.size},
            {"every_slice", marks.style.everySlice},
            {"numbers", marks.style.numbers},
            {"marks", all}};
}

SessionMarks readMarks(const SessionReader& r) {
    SessionMarks marks;
    marks.name = r.text("name");
    marks.role = r.word("kind", kRoles);
    marks.visible = r.truth("visible");
    marks.opacity = r.number("opacity", 0, 1);
    marks.style.color = QColor(r.text("color"));
    if (!marks.style.color.isValid()) r.fail("color", QStringLiteral("is no colour"));
    marks.style.width = r.number("width", 0.5, 100);
    marks.style.size = r.number("size", 0.5, 1000);
    marks.style.everySlice = r.truth("every_slice");
    marks.style.numbers = r.truth("numbers");
    for (const auto& mark : r.objects("marks"))
        marks.marks.push_back(readMark(mark));
    return marks;
}

}  // namespace posteria::ui
