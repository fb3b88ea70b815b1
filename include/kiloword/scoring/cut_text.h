#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiloword/labels/label_set.h"
#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// A warning if `encoder` truncates `text` to its context, with the beginning of the text and both lengths in
/// tokens. None if it fits.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const std::string& text);

/// The warnings for those of `texts` that are truncated.
std::vector<std::string> cut_text_warnings(const ImageTextEncoder& encoder,
                                           const std::vector<std::string>& texts);

/// A warning for the prompts and negatives of `set`: the first truncated text and the number of truncated
/// texts. None if all fit.
std::optional<std::string> cut_text_warning(const ImageTextEncoder& encoder, const LabelSet& set);

}  // namespace kiloword
