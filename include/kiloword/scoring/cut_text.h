#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// What to tell of a text that `encoder` cuts to its context: the text's start and both lengths in tokens.
/// Nothing of one that fits.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const std::string& text);

/// The same for each of `texts` that is cut.
std::vector<std::string> cut_text_warnings(const ImageTextEncoder& encoder,
                                           const std::vector<std::string>& texts);

/// The same for the prompts and negatives of `set`: the first that is cut, and how many are.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const LabelSet& set);

}  // namespace kiloword
