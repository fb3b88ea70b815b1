#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kiloword {

/// Where a text is anchored.
enum class TextAnchor { kStart, kMiddle, kEnd };

/// A white canvas for plots. Coordinates are in pixels from the upper left corner; colours are "#rgb" or
/// "#rrggbb".
class Canvas {
 public:
  Canvas() = default;
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  virtual ~Canvas() = default;

  virtual void line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed) = 0;
  virtual void rectangle(double x, double y, double width, double height, const std::string& colour) = 0;
  virtual void polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour) = 0;
  virtual void circle(double x, double y, double radius, const std::string& colour) = 0;
  /// `text` is any UTF-8; `size` is the font size in pixels.
  virtual void text(double x, double y, const std::string& text, TextAnchor anchor, int size) = 0;
  /// 12-pixel text, centred at (x, y) and rotated to read upwards.
  virtual void upright_text(double x, double y, const std::string& text) = 0;

  /// The content of the finished file.
  virtual std::string finish() const = 0;
};

}  // namespace kiloword
