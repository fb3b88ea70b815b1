#include "image/line_filter.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

// Below these nothing is said: docs/quality.md has what they were chosen on.
constexpr double kLeastWordConfidence = 0.70;
constexpr double kLeastLineConfidence = 0.85;
constexpr size_t kLeastLetters = 3;  // of a line, in a row

/// Digits and letters, of other scripts too; beyond ASCII not what Unicode has for signs and punctuation.
bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const bool is_sign = c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2C00) ||
                       (c >= 0x3000 && c < 0x3005) || (c >= 0xE000 && c < 0xF900) || c == 0xFFFD;
  return !is_sign;
}

struct Counts {
  size_t letters = 0;
  size_t code_points = 0;
};

Counts counts_of(const std::string& text) {
  Counts counts;
  for (size_t i = 0; i < text.size(); ++counts.code_points) {
    const DecodedCodePoint c = decode_utf8(text, i);
    i += c.length;
    if (is_letter(c.code_point)) ++counts.letters;
  }
  return counts;
}

PictureBox around(const PictureBox& a, const PictureBox& b) {
  const double left = std::min(a.left, b.left);
  const double top = std::min(a.top, b.top);
  return {left, top, std::max(a.left + a.width, b.left + b.width) - left,
          std::max(a.top + a.height, b.top + b.height) - top};
}

bool are_at_one_place(const PictureBox& a, const PictureBox& b) {
  const double width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const double height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return false;
  return 2 * width * height > std::min(a.width * a.height, b.width * b.height);
}

double weight_of(const ReadLine& line) {
  return line.confidence * static_cast<double>(counts_of(line.text).letters);
}

void sort_from_top(std::vector<ReadLine>& lines) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const ReadLine& a, const ReadLine& b) { return a.box.top < b.box.top; });
}

}  // namespace

void LineBuilder::add(const ReadWord& word, bool starts_line) {
  if (starts_line) end_line();
  words_.push_back(word);
}

void LineBuilder::end_line() {
  ReadLine line;
  double weight = 0;
  size_t longest = 0;
  for (const ReadWord& word : std::exchange(words_, {})) {
    const auto [letters, code_points] = counts_of(word.text);
    if (word.confidence < kLeastWordConfidence || 2 * letters < code_points) continue;
    line.box = line.text.empty() ? word.box : around(line.box, word.box);
    line.text += (line.text.empty() ? "" : " ") + word.text;
    line.confidence += word.confidence * static_cast<double>(letters);
    weight += static_cast<double>(letters);
    longest = std::max(longest, letters);
  }
  if (longest < kLeastLetters) return;
  line.confidence /= weight;
  if (line.confidence >= kLeastLineConfidence) lines_.push_back(std::move(line));
}

std::vector<ReadLine> LineBuilder::take() {
  end_line();
  sort_from_top(lines_);
  return std::move(lines_);
}

std::vector<ReadLine> merged(std::vector<ReadLine> lines, std::vector<ReadLine> others) {
  for (ReadLine& other : others) {
    const auto at = [&](const ReadLine& line) { return are_at_one_place(line.box, other.box); };
    double weight = 0;
    for (const ReadLine& line : lines) weight += at(line) ? weight_of(line) : 0;
    if (weight >= weight_of(other)) continue;
    lines.erase(std::remove_if(lines.begin(), lines.end(), at), lines.end());
    lines.push_back(std::move(other));
  }
  sort_from_top(lines);
  return lines;
}

}  // namespace kiloword
