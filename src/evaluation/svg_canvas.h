#pragma once

#include <string>
#include <utility>
#include <vector>

#include "evaluation/canvas.h"

namespace kiloword {

/// Draws an SVG file. Texts are escaped.
class SvgCanvas : public Canvas {
 public:
  SvgCanvas(int width, int height);

  void line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed) override;
  void rectangle(double x, double y, double width, double height, const std::string& colour) override;
  void polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour) override;
  void circle(double x, double y, double radius, const std::string& colour) override;
  void text(double x, double y, const std::string& text, TextAnchor anchor, int size) override;
  void upright_text(double x, double y, const std::string& text) override;
  std::string finish() const override { return svg_ + "</svg>\n"; }

 private:
  void filled(double x, double y, double width, double height, const std::string& colour);

  std::string svg_;
};

}  // namespace kiloword
