#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/labels/article.h"

namespace kiloword {

/// The reason why `text` is not a valid template: no `{label}`, an unknown placeholder, an unbalanced brace,
/// or so many placeholders that short lines would expand to long texts. None if it is valid.
std::optional<std::string> template_problem(std::string_view text);

/// `text` with `{label}` replaced by `label` and each `{a}` by an article. `article` kThe and kNone apply to
/// every `{a}`; kA and kAn only to one directly before `{label}`, since before another word that word
/// decides. With kNone, `{a}` is removed together with one space after it. Braces in `label` are kept.
std::string fill_template(std::string_view text, std::string_view label, Article article);

}  // namespace kiloword
