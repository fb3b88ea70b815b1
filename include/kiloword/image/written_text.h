#pragma once

#include <optional>
#include <vector>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// How text contrasts with its background.
enum class Ink {
  kDark,      ///< darker
  kBright,    ///< brighter
  kColoured,  ///< by the minimum of its channels: saturated colours
};

/// A line of text in an image.
struct TextLine {
  PictureBox box;   ///< bounding box of its letters
  int letters = 0;  ///< number of separate letters
  Ink ink = Ink::kDark;
};

/// Detects level lines of at least three separate letters of height `min_height_px` or more: rows of shapes
/// darker or brighter than their surroundings, similar in height, stroke width and brightness, but of
/// different widths. Finds signs, captions and text on shirts, but not cursive or slanted text, or lines of
/// two letters; a row of uneven windows may be a false positive. Connected components of an adaptive
/// threshold, grouped as by Epshtein et al. 2010, "Detecting Text in Natural Scenes with Stroke Width
/// Transform", section 3.3.
std::vector<TextLine> find_text(const Image& image, double min_height_px);

/// The model's input (see fit_for_model) with text that is large enough to be legible in it painted over with
/// its surroundings. None if there is no such text.
std::optional<Image> paint_over_text(const DecodedImage& decoded, const PreprocessSpec& spec);

}  // namespace kiloword
