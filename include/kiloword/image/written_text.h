#pragma once

#include <optional>
#include <vector>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// How writing contrasts with its surface.
enum class Ink {
  kDark,      ///< by its luminance
  kBright,    ///< likewise
  kColoured,  ///< by the least of its channels: saturated colours
};

/// A line of writing in an image.
struct TextLine {
  PictureBox box;   ///< around its letters
  int letters = 0;  ///< how many were separated
  Ink ink = Ink::kDark;
};

/// Lines of at least three letters that stand apart, are `min_height_px` high or more, and level: rows of
/// shapes of like height, stroke and brightness, but of different widths, in what is darker, or brighter,
/// than its surroundings. Signs, captions and shirts are found; joined-up or slanted writing and two letters
/// are not, and a row of odd windows may be taken for a word. Connected components of an adaptive threshold,
/// grouped as by Epshtein et al. 2010, "Detecting Text in Natural Scenes with Stroke Width Transform",
/// section 3.3.
std::vector<TextLine> find_text(const Image& image, double min_height_px);

/// The image that a model sees (see fit_for_model), with writing that is large enough to be read in it
/// painted over from its surroundings. None when there is no such writing.
std::optional<Image> paint_over_text(const DecodedImage& decoded, const PreprocessSpec& spec);

}  // namespace kiloword
