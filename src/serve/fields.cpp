#include "serve/fields.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "kiloword/base/option_field.h"
#include "kiloword/base/utf8.h"
#include "serve/multipart.h"
#include "serve/request_target.h"
#include "serve/small_json.h"

namespace kiloword {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& field, const std::string& remedy) {
  throw Error(ErrorKind::kUsage, what, printable(field.substr(0, 60)), remedy);
}

/// The text of a scalar; nothing for null.
std::optional<std::string> scalar_text(const SmallJson& json, const std::string& name,
                                       const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return json.text(value);
  if (value.is_structured()) refuse("a value that is an object or a list", name, "send text or a number");
  return value.dump();
}

}  // namespace

std::string media_type(const std::string& content_type) {
  return ascii_lower(content_type.substr(0, content_type.find_first_of("; \t")));
}

std::string image_of_text(const std::string& text) {
  std::string_view encoded = text;
  encoded.remove_prefix(std::min(encoded.find_first_not_of(" \t\r\n"), encoded.size()));
  if (ascii_lower(encoded.substr(0, 5)) == "data:") {
    const size_t comma = encoded.find(',');
    constexpr std::string_view kBase64 = ";base64";
    const std::string_view head = encoded.substr(0, comma);
    if (comma == std::string_view::npos || head.size() < kBase64.size() ||
        ascii_lower(head.substr(head.size() - kBase64.size())) != kBase64) {
      refuse("a data URL without base64", "image", "send data:image/...;base64,...");
    }
    encoded.remove_prefix(comma + 1);
  } else if (encoded.substr(0, 16).find("://") != std::string_view::npos) {
    refuse("images are not fetched from URLs", "image", "send the image itself, as base64 or a data URL");
  }
  const bool is_escaped = encoded.find('%') != std::string_view::npos;  // as URLs may be (RFC 2397)
  std::optional<std::string> bytes = decode_base64(is_escaped ? percent_decoded(encoded, false) : encoded);
  if (!bytes) refuse("the image is not valid base64", "image", "send base64 or a data URL");
  return std::move(*bytes);
}

Fields::Fields(RequestBody&& request, const RequestLimits& limits) : limits_(limits) {
  for (auto& [name, value] : request.query) add(name, std::move(value));
  const std::string type = media_type(request.content_type);
  if (type == "multipart/form-data") {
    read_form(request);
  } else if (type == "application/json") {
    read_json(std::move(request.body));
  } else {
    image_ = std::move(request.body);
  }
}

void Fields::read_form(const RequestBody& request) {
  for (const FormPart& part : parse_multipart(request.content_type, request.body, limits_.max_values)) {
    const bool is_image = part.name == "image" || part.name == "file";
    if (!is_image && !part.filename.empty()) {
      refuse("a file in a part of another name", part.name, "call the part with the image 'image' or 'file'");
    }
    if (!is_image) {
      add(part.name, std::string(part.content));
      continue;
    }
    if (image_) refuse("more than one image", "image", "send one image a request");
    image_ = std::string(part.content);
    if (!part.filename.empty()) add("name", part.filename);
  }
}

void Fields::read_json(std::string text) {
  SmallJson json(std::move(text));
  for (const auto& [name, value] : json.root().items()) {
    if (name == "image") {
      if (!value.is_string()) refuse("the image is not text", "image", "send base64 or a data URL");
      image_ = image_of_text(json.text(value));
    } else if (value.is_array()) {
      for (const nlohmann::json& one : value) {
        if (auto found = scalar_text(json, name, one)) add(name, std::move(*found));
      }
    } else if (auto found = scalar_text(json, name, value)) {
      add(name, std::move(*found));
    }
  }
}

void Fields::add(const std::string& name, std::string value) {
  if (value.size() > limits_.max_text_bytes) {
    refuse("longer than " + std::to_string(limits_.max_text_bytes) + " bytes", name, "shorten it");
  }
  if (fields_.size() == limits_.max_values) {
    refuse("more than " + std::to_string(limits_.max_values) + " values", name, "send less");
  }
  std::string spelled = name.substr(0, limits_.max_text_bytes);
  std::replace(spelled.begin(), spelled.end(), '-', '_');
  fields_.push_back({std::move(spelled), std::move(value)});
}

std::string Fields::take_image() {
  if (!has_image()) {
    refuse("no image", "image", "send its bytes, a form with a part 'image', or JSON with 'image' as base64");
  }
  return std::move(*image_);
}

std::vector<std::string> Fields::take_texts(const std::string& name) {
  std::vector<std::string> values;
  for (Field& field : fields_) {
    if (field.name == name) values.push_back(std::move(field.value));
  }
  fields_.erase(std::remove_if(fields_.begin(), fields_.end(),
                               [&name](const Field& field) { return field.name == name; }),
                fields_.end());
  return values;
}

std::optional<std::string> Fields::take_text(const std::string& name) {
  std::vector<std::string> values = take_texts(name);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

bool Fields::take_flag(const std::string& name) {
  const std::optional<std::string> text = take_text(name);
  return text && flag_option(name, *text);
}

void Fields::require_none_left() const {
  if (!fields_.empty()) refuse("unknown option", fields_.front().name, "see docs/serve.md");
}

}  // namespace kiloword
