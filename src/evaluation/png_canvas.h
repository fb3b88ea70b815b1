#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/canvas.h"

namespace kiloword {

/// Draws a PNG file at two pixels per unit. Its stroke font is ASCII only: other characters become "?".
class PngCanvas : public Canvas {
 public:
  PngCanvas(int width, int height);

  void line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed) override;
  void rectangle(double x, double y, double width, double height, const std::string& colour) override;
  void polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour) override;
  void circle(double x, double y, double radius, const std::string& colour) override;
  void text(double x, double y, const std::string& text, TextAnchor anchor, int size) override;
  void upright_text(double x, double y, const std::string& text) override;
  /// Throws Error(kInternal) if the file cannot be encoded.
  std::string finish() const override;

 private:
  cv::Mat picture_;  // BGR
};

}  // namespace kiloword
