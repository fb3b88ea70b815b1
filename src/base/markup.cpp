#include "kiloword/base/markup.h"

#include "kiloword/base/utf8.h"

namespace kiloword {

std::string escape_markup(std::string_view text) {
  std::string markup;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        markup += "&amp;";
        break;
      case '<':
        markup += "&lt;";
        break;
      case '>':
        markup += "&gt;";
        break;
      case '"':
        markup += "&quot;";
        break;
      case '\'':
        markup += "&#39;";
        break;
      default:
        markup += c;
    }
  }
  return markup;
}

}  // namespace kiloword
