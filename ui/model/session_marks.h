// Layers of shapes and points as a session keeps them.
#pragma once

#include <QJsonObject>
#include <QString>
#include <memory>

#include "ui/model/marks.h"
#include "ui/model/session_reader.h"

namespace posteria::ui {

struct SessionMarks {
    QString name;
    Layer::Role role = Layer::Role::Shapes;
    bool visible = true;
    double opacity = 1;
    MarkStyle style;
    std::vector<Mark> marks;
};

SessionMarks takeMarks(const MarkLayer& layer);
std::unique_ptr<MarkLayer> makeLayer(const SessionMarks& marks);

QJsonObject json(const SessionMarks& marks);
SessionMarks readMarks(const SessionReader& reader);

}  // namespace posteria::ui
