// Lets VTK's charts draw through a QPainter: no OpenGL is needed, words are in the window's font,
// and a picture, a vector file and the screen get the same drawing. VTK counts y upwards from the
// lower edge. What charts never ask for (pictures, sprites, textures, formulae) is not drawn.
#pragma once

#include <vtkContextDevice2D.h>
#include <vtkNew.h>

#include <QPainter>
#include <QSize>
#include <QTransform>
#include <vector>

class vtkContextScene;

namespace posteria::ui::viewer {

class PainterDevice : public vtkContextDevice2D {
  public:
    vtkTypeMacro(PainterDevice, vtkContextDevice2D);
    static PainterDevice* New();

    // Draws the scene, laid out for that size, into the painter's logical rectangle at (0, 0).
    static void paint(vtkContextScene* scene, QPainter& painter, const QSize& size);

    void DrawPoly(float* points, int n, unsigned char* colors, int components) override;
    void DrawLines(float* points, int n, unsigned char* colors, int components) override;
    void DrawPoints(float* points, int n, unsigned char* colors, int components) override;
    void DrawPointSprites(vtkImageData*, float*, int, unsigned char*, int) override {}
    void DrawMarkers(int, bool, float* points, int n, unsigned char* colors,
                     int components) override;
    void DrawQuad(float* points, int n) override;
    void DrawQuadStrip(float* points, int n) override;
    void DrawColoredPolygon(float* points, int n, unsigned char* colors, int components) override;
    void DrawEllipseWedge(float x, float y, float outRx, float outRy, float inRx, float inRy,
                          float startAngle, float stopAngle) override;
    void DrawEllipticArc(float x, float y, float rX, float rY, float startAngle,
                         float stopAngle) override;
    void DrawString(float* point, const vtkStdString& string) override;
    void ComputeStringBounds(const vtkStdString& string, float bounds[4]) override;
    void DrawString(float* point, const vtkUnicodeString& string) override;
    void ComputeStringBounds(const vtkUnicodeString& string, float bounds[4]) override;
    void ComputeJustifiedStringBounds(const char* string, float bounds[4]) override;
    void DrawMathTextString(float*, const vtkStdString&) override {}
    void DrawImage(float*, float, vtkImageData*) override {}
    void DrawImage(const vtkRectf&, vtkImageData*) override {}
    void SetColor4(unsigned char color[4]) override;
    void SetTexture(vtkImageData*, int) override {}
    void SetPointSize(float size) override;
    void SetLineWidth(float width) override;
    void SetLineType(int type) override;
    void SetMatrix(vtkMatrix3x3* m) override;
    void GetMatrix(vtkMatrix3x3* m) override;
    void MultiplyMatrix(vtkMatrix3x3* m) override;
    void PushMatrix() override { m_stack.push_back(m_matrix); }
    void PopMatrix() override;
    void SetClipping(int* rect) override;
    void EnableClipping(bool enable) override;

  private:
    void applyMatrix();
    void drawDots(const float* points, int n, float size);
    QPen pen() const;
    QBrush brush() const;
    QPolygonF polygon(const float* points, int n) const;
    // The text's rectangle around (0, 0) by its justification, y down.
    QRectF textRect(const QString& text) const;

    QPainter* m_painter = nullptr;
    QTransform m_base, m_matrix;
    std::vector<QTransform> m_stack;
    float m_pointSize = 1;
};

}  // namespace posteria::ui::viewer
