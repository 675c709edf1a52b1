#include "ui/shell/overlay_menu.h"

#include <QActionGroup>
#include <algorithm>

#include "ui/model/marks.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/key_tip.h"
#include "ui/widgets/overlay_controls.h"

namespace posteria::ui::shell {

namespace {

using Tool = ViewState::Tool;
using widgets::Symbol;

// A labels layer starts as large as the image, whose planes share one piece of blank memory.
image::StackPtr blankLike(const image::StackInfo& like) {
    image::StackInfo info;
    info.name = "labels";
    info.type = image::PixelType::UInt16;
    info.shape = like.shape;
    info.shape.c = 1;
    info.voxelSize = like.voxelSize;
    info.timeIncrementS = like.timeIncrementS;
    return image::makeBlankStack(std::move(info));
}

}  // namespace

OverlayMenu::OverlayMenu(viewer::Canvas* canvas, Document* document, QUndoStack* steps,
                         QMenu* layers, QAction* before, QObject* parent)
    : QObject(parent), m_canvas(canvas), m_document(document), m_editor(steps) {
    const auto add = [&](const char* name, const QString& text) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        layers->insertAction(before, action);
        return action;
    };
    layers->insertSeparator(before);
    m_newPoints = add("actionNewPoints", tr("New Points Layer"));
    m_newShapes = add("actionNewShapes", tr("New Shapes Layer"));
    m_newLabels = add("actionNewLabels", tr("New Labels Layer"));
    m_convert = add("actionConvert", tr("Convert to Labels"));
    auto* menu = new QMenu(tr("Tool"), layers);
    menu->setObjectName(QStringLiteral("menuTool"));
    layers->insertMenu(before, menu);
    auto* group = new QActionGroup(this);
    const auto tool = [&](Tool which, const char* name, const QString& text, Symbol symbol,
                          const char* keys, const QString& how = {}) {
        auto* action = menu->addAction(widgets::icon(symbol), text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        // Those of labels and shapes are never offered together, so they may share keys.
        action->setShortcuts(QKeySequence::listFromString(QLatin1String(keys)));
        widgets::followKeys(action, action,
                            how.isEmpty() ? text : QStringLiteral("%1: %2").arg(text, how));
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, which] { m_document->view().setTool(which); });
        m_tools.emplace_back(which, action);
    };
    tool(Tool::Pan, "toolPan", tr("Move the View"), Symbol::Hand, "Space; 6");
    tool(Tool::Select, "toolSelect", tr("Select and Move"), Symbol::Pointer, "S");
    tool(Tool::Rectangle, "toolRectangle", tr("Rectangle"), Symbol::Rectangle, "R");
    tool(Tool::Ellipse, "toolEllipse", tr("Ellipse"), Symbol::Ellipse, "E");
    tool(Tool::Segment, "toolSegment", tr("Line"), Symbol::Segment, "L");
    tool(Tool::Polygon, "toolPolygon", tr("Polygon"), Symbol::Polygon, "P",
         tr("click its corners; a double click or Return closes it"));
    tool(Tool::Point, "toolPoint", tr("Add Points"), Symbol::Points, "A; 2; P");
    tool(Tool::Erase, "toolErase", tr("Erase Labels"), Symbol::Eraser, "1; E");
    tool(Tool::Paint, "toolPaint", tr("Paint Labels"), Symbol::Brush, "2; P");
    tool(Tool::Fill, "toolFill", tr("Fill with the Label"), Symbol::Bucket, "4; F");
    tool(Tool::Pick, "toolPick", tr("Pick a Label"), Symbol::Dropper, "5; L");

    connect(m_newPoints, &QAction::triggered, this, [this] { addMarks(Layer::Role::Points); });
    connect(m_newShapes, &QAction::triggered, this, [this] { addMarks(Layer::Role::Shapes); });
    connect(m_newLabels, &QAction::triggered, this, &OverlayMenu::addLabels);
    connect(m_convert, &QAction::triggered, this, &OverlayMenu::convert);
    connect(document, &Document::selectionChanged, this, &OverlayMenu::follow);
    connect(&document->view(), &ViewState::toolChanged, this, &OverlayMenu::follow);
    connect(canvas, &viewer::Canvas::strokeDrawn, this, &OverlayMenu::draw);
    connect(&m_editor, &LabelEditor::busyChanged, this, &OverlayMenu::busyChanged);
    connect(&m_editor, &LabelEditor::failed, this, [this](const QString& message) {
        Q_EMIT failed(message, tr("The labels are as they were."));
    });
    follow();
}

void OverlayMenu::addMarks(Layer::Role role) {
    const bool points = role == Layer::Role::Points;
    m_document->addOverlay(std::make_unique<MarkLayer>(points ? tr("points") : tr("shapes"), role));
    m_document->view().setTool(points ? Tool::Point : Tool::Rectangle);
}

void OverlayMenu::addLabels() {
    const Layer* input = m_document->input();
    if (!input || !input->stack()) return;
    m_document->addOverlay(
        std::make_unique<LabelsLayer>(tr("labels"), blankLike(input->stack()->info())));
    m_document->view().setTool(Tool::Paint);
}

void OverlayMenu::convert() {
    if (!m_document->convert(m_document->selected()))
        Q_EMIT failed(tr("Only images of whole numbers and one channel can be labels."),
                      tr("Duplicate one channel of it as an image of its own first."));
}

void OverlayMenu::follow() {
    Layer* layer = m_document->selected();
    const bool any = layer != nullptr, overlay = any && layer->isOverlay();
    for (auto* action : {m_newPoints, m_newShapes, m_newLabels})
        action->setEnabled(m_document->input() != nullptr);
    m_convert->setText(overlay ? tr("Convert to Image") : tr("Convert to Labels"));
    m_convert->setEnabled(any && layer->stack() && !layer->isResult());
    const auto offered =
        any ? widgets::OverlayControls::toolsOf(layer->role()) : std::vector<Tool>{Tool::Pan};
    ViewState& view = m_document->view();
    const auto has = [&offered](Tool tool) {
        return std::find(offered.begin(), offered.end(), tool) != offered.end();
    };
    m_canvas->setEditedLayer(overlay ? layer : nullptr);
    if (!has(view.tool())) return view.setTool(Tool::Pan);  // comes back here
    for (const auto& [tool, action] : m_tools) {
        action->setEnabled(has(tool));
        action->setChecked(view.tool() == tool);
    }
}

void OverlayMenu::draw(const viewer::Stroke& stroke) {
    if (!stroke.layer) return;
    if (stroke.fills)
        m_editor.fill(stroke.layer, stroke.t, stroke.z, stroke.path.front(), stroke.label);
    else
        m_editor.paint(stroke.layer, stroke.t, stroke.z, stroke.path, stroke.radius, stroke.label);
}

}  // namespace posteria::ui::shell
