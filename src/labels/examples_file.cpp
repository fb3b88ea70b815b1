#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/labels/examples.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;
using Pictures = std::vector<std::vector<float>>;

constexpr int kFormat = 1;
constexpr size_t kFingerprintDigits = 32;
constexpr size_t kMaxDim = 65'536;
/// How far from 1 the length of an embedding with six decimals may be.
constexpr double kLengthTolerance = 0.01;

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pictures_json(const Pictures& pictures) {
  std::string text = "[";
  for (size_t i = 0; i < pictures.size(); ++i) {
    text += i == 0 ? "\n  [" : ",\n  [";
    for (size_t j = 0; j < pictures[i].size(); ++j) {
      std::array<char, 32> number{};
      const int length = std::snprintf(number.data(), number.size(), "%.6f", pictures[i][j]);
      text.append(j == 0 ? "" : ",").append(number.data(), static_cast<size_t>(length));
    }
    text += "]";
  }
  return text + "]";
}

/// Reads fields of one kind or refuses the file.
class ExamplesReader {
 public:
  explicit ExamplesReader(const std::filesystem::path& path) : path_(path) {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::kLabels, "examples file is broken: " + what, path_.string(),
                "remove it, and add the examples anew with 'kiloword labels add-example'");
  }

  const Json& at(const Json& json, const char* name) const {
    if (!json.is_object()) refuse("not a JSON object");
    const auto found = json.find(name);
    if (found == json.end()) refuse(std::string("no ") + name);
    return *found;
  }

  std::string text(const Json& json, const char* name) const {
    const Json& value = at(json, name);
    if (!value.is_string()) refuse(std::string(name) + " is not a text");
    return value.get<std::string>();
  }

  Pictures pictures(const Json& json, const char* name, size_t least, size_t most, size_t dim) const {
    const Json& rows = at(json, name);
    if (!rows.is_array() || rows.size() < least || rows.size() > most) {
      refuse(std::string(name) + " is not a list of " + std::to_string(least) + " to " +
             std::to_string(most) + " embeddings");
    }
    Pictures read;
    read.reserve(rows.size());
    for (const Json& row : rows) read.push_back(embedding(row, dim));
    return read;
  }

 private:
  std::vector<float> embedding(const Json& row, size_t dim) const {
    if (!row.is_array() || row.size() != dim) refuse("an embedding has not the length dim");
    std::vector<float> values;
    values.reserve(dim);
    double squares = 0;
    for (const Json& value : row) {
      if (!value.is_number()) refuse("an embedding has a value that is not a number");
      values.push_back(value.get<float>());
      squares += static_cast<double>(values.back()) * values.back();
    }
    // Written so that a sum that is not a number is refused as well.
    if (!(std::abs(std::sqrt(squares) - 1) <= kLengthTolerance)) refuse("an embedding is not of unit length");
    return values;
  }

  const std::filesystem::path& path_;
};

}  // namespace

std::string examples_json(const SetExamples& examples) {
  std::string text = "{\"format\": " + std::to_string(kFormat) + ",\n \"model\": " + quoted(examples.model) +
                     ",\n \"fingerprint\": " + quoted(examples.model_fingerprint) +
                     ",\n \"set\": " + quoted(examples.set) + ",\n \"dim\": " + std::to_string(examples.dim) +
                     ",\n \"background\": " + pictures_json(examples.background) + ",\n \"labels\": [";
  for (size_t i = 0; i < examples.labels.size(); ++i) {
    text += std::string(i == 0 ? "\n " : ",\n ") + "{\"label\": " + quoted(examples.labels[i].label) +
            ", \"pictures\": " + pictures_json(examples.labels[i].pictures) + "}";
  }
  return text + "]}\n";
}

SetExamples parse_examples(std::string_view content, const std::filesystem::path& path) {
  const ExamplesReader reader(path);
  const Json json = Json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) reader.refuse("no JSON");
  if (reader.at(json, "format") != kFormat) {
    throw Error(ErrorKind::kLabels, "examples file of another format", path.string(),
                "remove it, and add the examples anew with 'kiloword labels add-example'");
  }
  SetExamples examples;
  examples.model = reader.text(json, "model");
  examples.model_fingerprint = reader.text(json, "fingerprint");
  if (examples.model_fingerprint.size() != kFingerprintDigits) reader.refuse("fingerprint is none");
  examples.set = reader.text(json, "set");
  const Json& dim = reader.at(json, "dim");
  if (!dim.is_number_unsigned() || dim.get<uint64_t>() < 1 || dim.get<uint64_t>() > kMaxDim)
    reader.refuse("dim is not a width");
  examples.dim = dim.get<size_t>();
  examples.background =
      reader.pictures(json, "background", kMinBackgroundPictures, kMaxBackgroundPictures, examples.dim);
  const Json& labels = reader.at(json, "labels");
  if (!labels.is_array() || labels.empty() || labels.size() > kMaxExampleLabels)
    reader.refuse("labels is not a list of labels");
  std::unordered_set<std::string> seen;
  for (const Json& label : labels) {
    LabelExamples of_label{reader.text(label, "label"), {}};
    if (!is_label_name(of_label.label) || !seen.insert(of_label.label).second)
      reader.refuse("a label is not a name, or is listed twice");
    of_label.pictures = reader.pictures(label, "pictures", 1, kMaxExamplePictures, examples.dim);
    examples.labels.push_back(std::move(of_label));
  }
  return examples;
}

}  // namespace kiloword
