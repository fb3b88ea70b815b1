#include "kiloword/batch/left_out.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "kiloword/base/ascii.h"

namespace kiloword {
namespace {

struct Kind {
  const char* one;
  const char* many;
  std::vector<std::string_view> endings;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kinds{
      {"video",
       "videos",
       {"3gp", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogv", "webm", "wmv"}},
      {"other file", "other files", {}},
  };
  return kinds;
}

}  // namespace

void LeftOutFiles::add(const std::string& name) {
  const size_t dot = name.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : ascii_lower(name.substr(dot + 1));
  size_t kind = 0;
  while (kind + 1 < kKinds) {
    const std::vector<std::string_view>& endings = kinds()[kind].endings;
    if (std::find(endings.begin(), endings.end(), ending) != endings.end()) break;
    ++kind;
  }
  ++counts_[kind];
}

std::string LeftOutFiles::text(bool all) const {
  std::string text;
  for (size_t kind = 0; kind + (all ? 0U : 1U) < kKinds; ++kind) {
    const uint64_t count = counts_[kind];
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
            (count == 1 ? kinds()[kind].one : kinds()[kind].many);
  }
  return text;
}

}  // namespace kiloword
