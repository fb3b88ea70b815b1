#include "image/document.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "image/byte_reader.h"
#include "image/decode_context.h"
#include "image/optional_codecs.h"
#include "kiloword/base/bounded_child.h"

namespace kiloword {
namespace {

constexpr int64_t kLongerSide = 1024;
constexpr int kCommandNotFound = 127;
constexpr size_t kMaxMessage = 120;

/// The longer side of what is drawn: no more pixels than the limit allows.
int64_t longer_side(const DecodeLimits& limits) {
  const auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(limits.max_pixels)));
  return std::max<int64_t>(1, std::min(kLongerSide, side));
}

struct Renderer {
  std::string_view format;
  std::string package;
  std::vector<std::string> words;
};

Renderer renderer_of(DocumentKind kind, const DecodeLimits& limits) {
  const std::string side = std::to_string(longer_side(limits));
  if (kind == DocumentKind::kSvg) {
    return {"SVG",
            "librsvg2-bin",
            {"rsvg-convert", "--format=png", "--keep-aspect-ratio", "--width=" + side, "--height=" + side}};
  }
  const std::string page = std::to_string(limits.page);
  return {"PDF", "poppler-utils", {"pdftoppm", "-cropbox", "-f", page, "-l", page, "-scale-to", side, "-"}};
}

ChildLimits child_limits(const DecodeLimits& limits) {
  constexpr uint64_t kLeastBytes = uint64_t{512} << 20;  // libraries and fonts are mapped too
  constexpr uint64_t kMostBytes = uint64_t{4} << 30;
  ChildLimits out;
  out.time = std::chrono::seconds(20);
  out.cpu_seconds = 10;
  out.memory_bytes = std::clamp(max_decoding_bytes(limits), kLeastBytes, kMostBytes);
  out.max_output_bytes = uint64_t{16} << 20;
  return out;
}

/// The last line of what the program complained, cut to a clause.
std::string complaint(const ChildResult& result) {
  std::string text = result.errors;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  return text.size() > kMaxMessage ? text.substr(0, kMaxMessage) + "..." : text;
}

[[noreturn]] void fail(const Renderer& renderer, const ChildResult& result, const DecodeLimits& limits) {
  const std::string format(renderer.format);
  if (result.end == ChildResult::End::kExited && result.status == kCommandNotFound) {
    throw missing_library_error(format + " files need the program " + renderer.words.front(),
                                renderer.package);
  }
  const bool was_bounded =
      result.end == ChildResult::End::kTimeout || result.end == ChildResult::End::kSignalled;
  if (was_bounded || result.end == ChildResult::End::kTooMuchOutput) {
    throw unsupported_error(format + " that takes too much time or memory to draw");
  }
  if (result.errors.find("ncorrect password") != std::string::npos) {
    throw unsupported_error("PDF that is locked by a password");
  }
  if (result.errors.find("Wrong page range") != std::string::npos) {
    throw Error(ErrorKind::kInput, "PDF has no page " + std::to_string(limits.page), "",
                "give another --page");
  }
  throw corrupt_error(format, complaint(result));
}

}  // namespace

std::string render_document(DocumentKind kind, std::string_view bytes, const DecodeLimits& limits) {
  const Renderer renderer = renderer_of(kind, limits);
  ChildResult result = run_bounded(renderer.words, bytes, child_limits(limits));
  if (!result.succeeded() || result.output.empty()) fail(renderer, result, limits);
  return std::move(result.output);
}

}  // namespace kiloword
