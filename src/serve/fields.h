#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiloword/serve/request.h"

namespace kiloword {

/// The options of a request as text, from its query or body, and its image. Each option is taken once;
/// options left at the end are unknown. All members throw Error(kUsage).
class Fields {
 public:
  /// See parse_caption_request(). Consumes `request`.
  Fields(RequestBody&& request, const RequestLimits& limits);

  std::string take_image();
  bool has_image() const { return image_ && !image_->empty(); }
  std::optional<std::string> take_text(const std::string& name);
  std::vector<std::string> take_texts(const std::string& name);
  bool take_flag(const std::string& name);
  void require_none_left() const;

 private:
  struct Field {
    std::string name;
    std::string value;
  };

  void read_form(const RequestBody& request);
  void read_json(std::string text);
  void add(const std::string& name, std::string value);

  const RequestLimits& limits_;
  std::vector<Field> fields_;
  std::optional<std::string> image_;
};

/// The type of a Content-Type header in lower case, without its parameters.
std::string media_type(const std::string& content_type);

/// The bytes of an image given as base64 or `data:...;base64,` URL. Throws Error(kUsage) for anything else,
/// including other URLs.
std::string image_of_text(const std::string& text);

}  // namespace kiloword
