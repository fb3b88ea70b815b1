#include "lm/model_folder.h"

#include <cstring>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/lm/load_language_model.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxBytes = 1 << 24;
const std::filesystem::path kData = std::filesystem::path(KILOWORD_TESTS_DIR) / "lm" / "data";

}  // namespace

ModelFolder::ModelFolder(const std::string& name) {
  std::filesystem::copy(kData / name, path(), std::filesystem::copy_options::recursive);
}

void ModelFolder::configure(const std::string& key, const json& value) const {
  json values = config();
  values[key] = value;
  write("config.json", values.dump());
}

void ModelFolder::change_weights(const std::function<void(json&, std::string&)>& change) const {
  const std::string bytes = read("model.safetensors");
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  json header = json::parse(bytes.substr(sizeof length, length));
  std::string data = bytes.substr(sizeof length + length);
  change(header, data);
  const std::string text = header.dump();
  length = text.size();
  std::string changed(sizeof length, '\0');
  std::memcpy(changed.data(), &length, sizeof length);
  write("model.safetensors", changed + text + data);
}

std::string ModelFolder::read(const std::string& name) const {
  return read_file(path() / name, kMaxBytes, ErrorKind::kInput);
}

std::unique_ptr<LanguageModel> ModelFolder::load(const std::string& precision) const {
  ComputeOptions options;
  options.device = "cpu";
  options.precision = precision;
  return load_language_model(path(), options);
}

std::string ModelFolder::load_error() const {
  const std::string prefix = "model: ";
  const std::string error = error_of(*this, [this] { load(); });
  return error.compare(0, prefix.size(), prefix) == 0 ? error.substr(prefix.size()) : error;
}

const json& gpt2_golden() {
  static const json kValues = json::parse(read_file(kData / "golden.json", kMaxBytes, ErrorKind::kInput));
  return kValues;
}

const json& family_golden(const std::string& name) {
  static const json kFamilies = [] {
    json families;
    for (const char* file : {"llama_golden.json", "causal_golden.json"})
      families.update(json::parse(read_file(kData / file, kMaxBytes, ErrorKind::kInput))["families"]);
    return families;
  }();
  return kFamilies.at(name);
}

std::string error_of(const ModelFolder& folder, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    std::string text = error.what();
    const size_t place = text.find(folder.path().string());
    if (place != std::string::npos) text.replace(place, folder.path().string().size(), "MODEL");
    return std::string(error_kind_name(error.kind())) + ": " + text;
  }
  return "no error";
}

}  // namespace kiloword::testing
