#include "evaluation/svg_canvas.h"

#include <array>
#include <charconv>

#include "kiloword/base/markup.h"

namespace kiloword {
namespace {

std::string number(double value) {
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 1).ptr;
  return {buffer.data(), end};
}

std::string attribute(const std::string& name, double value) {
  return " " + name + "=\"" + number(value) + "\"";
}

}  // namespace

SvgCanvas::SvgCanvas(int width, int height)
    : svg_("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) + "\" height=\"" +
           std::to_string(height) + "\" font-family=\"sans-serif\" fill=\"#222\">\n") {
  filled(0, 0, width, height, "#fff");
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed) {
  svg_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
          " stroke=\"" + colour + "\"" + (dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>\n";
}

void SvgCanvas::rectangle(double x, double y, double width, double height, const std::string& colour) {
  filled(x, y, width, height, colour);
}

void SvgCanvas::filled(double x, double y, double width, double height, const std::string& colour) {
  svg_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
          attribute("height", height) + " fill=\"" + colour + "\"/>\n";
}

void SvgCanvas::polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour) {
  svg_ += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour + "\" points=\"";
  for (const auto& [x, y] : points) svg_ += number(x) + "," + number(y) + " ";
  svg_ += "\"/>\n";
}

void SvgCanvas::circle(double x, double y, double radius, const std::string& colour) {
  svg_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + " fill=\"" + colour +
          "\"/>\n";
}

void SvgCanvas::text(double x, double y, const std::string& text, TextAnchor anchor, int size) {
  const char* place = anchor == TextAnchor::kStart ? "start" : anchor == TextAnchor::kEnd ? "end" : "middle";
  svg_ += "<text" + attribute("x", x) + attribute("y", y) + " font-size=\"" + std::to_string(size) +
          "\" text-anchor=\"" + place + "\">" + escape_markup(text) + "</text>\n";
}

void SvgCanvas::upright_text(double x, double y, const std::string& text) {
  svg_ += "<text font-size=\"12\" text-anchor=\"middle\" transform=\"translate(" + number(x) + " " +
          number(y) + ") rotate(-90)\">" + escape_markup(text) + "</text>\n";
}

}  // namespace kiloword
