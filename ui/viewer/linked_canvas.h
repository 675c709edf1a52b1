// The canvas that draws: LinkedPanes behind the interface. Include this one header in the window;
// VTK stays behind it.
#pragma once

#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::viewer {

class LinkedPanes;

class LinkedCanvas : public Canvas {
    Q_OBJECT
  public:
    explicit LinkedCanvas(QWidget* parent = nullptr);

    void setViewState(ViewState* state) override;
    void setPanes(const std::vector<PaneSpec>& panes) override;
    void setScaleBarVisible(bool visible) override;
    QString valueText() const override;
    QImage grabFrame() override;
    bool isSettled() const override;
    QString rendererName() const override;

    LinkedPanes* panes() const { return m_panes; }

  private:
    LinkedPanes* m_panes;
};

}  // namespace posteria::ui::viewer
