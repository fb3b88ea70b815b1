#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kiloword {

/// Where a text is anchored.
enum class TextAnchor { kStart, kMiddle, kEnd };

/// Draws an SVG picture on a white ground. Coordinates are pixels from the upper left corner; colours are as
/// SVG names them.
class SvgCanvas {
 public:
  SvgCanvas(int width, int height);

  void line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed = false);
  void rectangle(double x, double y, double width, double height, const std::string& colour);
  void polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour);
  void circle(double x, double y, double radius, const std::string& colour);
  /// `text` is escaped.
  void text(double x, double y, const std::string& text, TextAnchor anchor = TextAnchor::kMiddle,
            int size = 12);
  /// The same, turned to read upwards.
  void upright_text(double x, double y, const std::string& text);

  /// The whole picture.
  std::string finish() const { return svg_ + "</svg>\n"; }

 private:
  std::string svg_;
};

}  // namespace kiloword
