#include "labels/template.h"

#include <cstddef>

#include "kiloword/base/suggestion.h"
#include "labels/text_rules.h"

namespace kiloword {
namespace {

constexpr std::string_view kLabelSlot = "{label}";
constexpr std::string_view kArticleSlot = "{a}";
constexpr int kMaxSlots = 16;
constexpr size_t kLeadBytes = 64;  // more than the first word that decides an article

/// The beginning of what stands behind an article: `rest` with its placeholders filled in, cut to a few
/// words.
std::string lead_of(std::string_view rest, std::string_view label) {
  std::string lead;
  while (!rest.empty() && lead.size() < kLeadBytes) {
    if (starts_with(rest, kLabelSlot)) {
      lead += label.substr(0, kLeadBytes);
      rest.remove_prefix(kLabelSlot.size());
    } else if (starts_with(rest, kArticleSlot)) {
      rest.remove_prefix(kArticleSlot.size());
    } else {
      lead += rest.front();
      rest.remove_prefix(1);
    }
  }
  return lead;
}

std::string_view article_text(Article article, std::string_view rest, std::string_view label) {
  const bool before_label = starts_with(trim(rest), kLabelSlot);
  switch (article) {
    case Article::kNone:
      return "";
    case Article::kThe:
      return "the";
    case Article::kA:
      if (before_label) return "a";
      break;
    case Article::kAn:
      if (before_label) return "an";
      break;
    case Article::kAuto:
      break;
  }
  return indefinite_article(lead_of(rest, label));
}

}  // namespace

std::optional<std::string> template_problem(std::string_view text) {
  bool has_label = false;
  int slots = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return "unbalanced '}' in a template";
    if (text[i] != '{') continue;
    const size_t close = text.find_first_of("{}", i + 1);
    if (close == std::string_view::npos || text[close] == '{') return "unbalanced '{' in a template";
    const std::string_view slot = text.substr(i, close + 1 - i);
    if (slot != kLabelSlot && slot != kArticleSlot) return "unknown placeholder " + quote(slot);
    if (++slots > kMaxSlots) return "more than " + std::to_string(kMaxSlots) + " placeholders in a template";
    has_label = has_label || slot == kLabelSlot;
    i = close;
  }
  if (!has_label) return "no {label} in a template";
  return std::nullopt;
}

std::string fill_template(std::string_view text, std::string_view label, Article article) {
  std::string filled;
  filled.reserve(text.size() + label.size());
  while (!text.empty()) {
    const size_t literal = text.find('{');
    filled += text.substr(0, literal);
    if (literal == std::string_view::npos) break;
    text.remove_prefix(literal);
    if (starts_with(text, kLabelSlot)) {
      filled += label;
      text.remove_prefix(kLabelSlot.size());
    } else if (starts_with(text, kArticleSlot)) {
      text.remove_prefix(kArticleSlot.size());
      filled += article_text(article, text, label);
      if (article == Article::kNone && starts_with(text, " ")) text.remove_prefix(1);
    } else {
      filled += '{';
      text.remove_prefix(1);
    }
  }
  return filled;
}

}  // namespace kiloword
