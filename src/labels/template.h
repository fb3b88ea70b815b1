#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiloword/labels/article.h"

namespace kiloword {

/// What keeps `text` from being a template: no `{label}`, an unknown placeholder, an unbalanced brace,
/// or so many placeholders that short lines would make long texts.
std::optional<std::string> template_problem(std::string_view text);

/// `text` with `{label}` replaced by `label` and each `{a}` by an article. `article` kThe and kNone go for
/// every
/// `{a}`; kA and kAn only for one that stands right before `{label}`, for before another word that word
/// decides. With kNone `{a}` vanishes together with one space behind it. Braces in `label` stay as they are.
std::string fill_template(std::string_view text, std::string_view label, Article article);

}  // namespace kiloword
