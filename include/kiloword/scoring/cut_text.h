#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// The warning for a text that `encoder` truncates to its context: the text's start and both lengths in
/// tokens. None for one that fits.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const std::string& text);

/// The same for each of `texts` that is truncated.
std::vector<std::string> cut_text_warnings(const ImageTextEncoder& encoder,
                                           const std::vector<std::string>& texts);

/// The same for the prompts and negatives of `set`: the first that is truncated, and how many are.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const LabelSet& set);

}  // namespace kiloword
