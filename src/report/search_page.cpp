#include "kiloword/report/search_page.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <future>
#include <map>
#include <utility>

#include "kiloword/base/base64.h"
#include "kiloword/base/markup.h"
#include "kiloword/base/url_path.h"
#include "kiloword/report/thumbnails.h"
#include "report/embedded_text.h"
#include "report/page_content.h"  // made from the files of page/ by cmake/EmbedFiles.cmake

namespace kiloword {
namespace {

/// `path`, a relative one, as a link of the page: "./" keeps whatever it holds from being a scheme.
std::string link_text(std::string_view path) {
  return "./" + escape_url_path(path);
}

/// The page around the images: what comes before them, and what comes after. Placeholders are looked for in
/// the template alone, never in what they are replaced by.
std::pair<std::string, std::string> page_frame(const SearchPage& page) {
  const std::map<std::string_view, std::string> parts{
      {"style_hash", base64(text_of(kStyleCssSha256))},
      {"search_style_hash", base64(text_of(kSearchCssSha256))},
      {"style", text_of(kStyleCss)},
      {"search_style", text_of(kSearchCss)},
      {"query", escape_markup(page.query)},
      {"about", escape_markup(page.about)},
  };
  const std::string layout = text_of(kSearchHtml);
  const std::string_view images = "@images@\n";
  std::array<std::string, 2> halves;
  size_t half = 0;
  for (size_t at = 0; at < layout.size();) {
    if (layout.compare(at, images.size(), images) == 0) {
      ++half;
      at += images.size();
      continue;
    }
    const size_t end = layout[at] == '@' ? layout.find('@', at + 1) : std::string::npos;
    const auto part = end == std::string::npos
                          ? parts.end()
                          : parts.find(std::string_view(layout).substr(at + 1, end - at - 1));
    if (part == parts.end()) {
      halves[half] += layout[at++];
    } else {
      halves[half] += part->second;
      at = end + 1;
    }
  }
  return {std::move(halves[0]), std::move(halves[1])};
}

std::string numbers_text(const FoundOnPage& image, size_t rank) {
  std::string text = std::to_string(rank);
  std::array<char, 32> number{};
  if (image.cosine) {
    std::snprintf(number.data(), number.size(), ", cosine %.4f", *image.cosine);
    text += number.data();
  }
  if (image.confidence) {
    std::snprintf(number.data(), number.size(), ", confidence %.0f %%", 100 * *image.confidence);
    text += number.data();
  }
  return text;
}

std::string image_element(const FoundOnPage& image, size_t rank, const std::string& thumbnail) {
  const std::string path = escape_markup(image.path);
  const std::string frame =
      thumbnail.empty() ? "no thumbnail" : "<img src=\"data:image/jpeg;base64," + thumbnail + "\" alt=\"\">";
  const std::string name =
      image.link.empty() ? path : "<a href=\"" + link_text(image.link) + "\">" + path + "</a>";
  return "      <li><div class=\"frame\">" + frame + "</div><p><bdi>" + name +
         "</bdi></p><p class=\"numbers\">" + numbers_text(image, rank) + "</p></li>\n";
}

/// Thumbnails in the order of the images, made on several threads, a bounded number ahead.
class ThumbnailsAhead {
 public:
  explicit ThumbnailsAhead(const SearchPage& page) : page_(page) {}

  /// Of the next image; empty where there can be none.
  std::string next() {
    const size_t window = static_cast<size_t>(std::max(page_.threads, 1)) + 1;  // the first is waited for
    while (begun_ < page_.images.size() && ahead_.size() < window) begin(page_.images[begun_++].path);
    std::future<std::string> first = std::move(ahead_.front());
    ahead_.pop_front();
    return first.valid() ? first.get() : "";
  }

 private:
  void begin(const std::string& path) {
    std::future<std::string>& thumbnail = ahead_.emplace_back();
    if (page_.thumbnail_px == 0) return;
    if (auto source = find_thumbnail_source(path, members_)) {
      thumbnail = std::async(std::launch::async, thumbnail_base64, *std::move(source), page_.thumbnail_px,
                             page_.limits);
    }
  }

  const SearchPage& page_;
  ArchiveMembers members_;
  std::deque<std::future<std::string>> ahead_;
  size_t begun_ = 0;
};

}  // namespace

std::optional<uint64_t> write_search_page(const SearchPage& page,
                                          const std::function<void(std::string_view)>& write) {
  const auto [head, tail] = page_frame(page);
  write(head);
  ThumbnailsAhead thumbnails(page);
  uint64_t without = 0;
  for (size_t i = 0; i < page.images.size(); ++i) {
    if (page.stop && page.stop()) return std::nullopt;
    const std::string thumbnail = thumbnails.next();
    if (page.thumbnail_px > 0 && thumbnail.empty()) ++without;
    write(image_element(page.images[i], i + 1, thumbnail));
  }
  write(tail);
  return without;
}

}  // namespace kiloword
