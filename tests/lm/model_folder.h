#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kiloword/model/language_model.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

/// A copy of a small language model below tests/lm/data, to be changed at will.
class ModelFolder {
 public:
  explicit ModelFolder(const std::string& name = "gpt2");

  const std::filesystem::path& path() const { return folder_.path(); }
  nlohmann::json config() const { return nlohmann::json::parse(read("config.json")); }
  /// Sets `key` of config.json.
  void configure(const std::string& key, const nlohmann::json& value) const;
  /// Lets `change` have the header and the data of the checkpoint.
  void change_weights(const std::function<void(nlohmann::json& header, std::string& data)>& change) const;
  void write(const std::string& name, const std::string& content) const { folder_.write(name, content); }
  std::string read(const std::string& name) const;
  void remove(const std::string& name) const { std::filesystem::remove(path() / name); }

  std::unique_ptr<LanguageModel> load(const std::string& precision = "fp32") const;
  /// What load() says, with the folder's path written as MODEL; "no error" if it loads.
  std::string load_error() const;

 private:
  TemporaryFolder folder_;
};

/// The file golden.json below tests/lm/data.
const nlohmann::json& gpt2_golden();
/// What llama_golden.json or causal_golden.json there has of the model `name`.
const nlohmann::json& family_golden(const std::string& name);

/// What `action` throws: its kind and text, with the folder's path written as MODEL; "no error" if nothing.
std::string error_of(const ModelFolder& folder, const std::function<void()>& action);

}  // namespace kiloword::testing
