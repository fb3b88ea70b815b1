#include <torch/version.h>
#include <unicode/uvernum.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <opencv2/core/version.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/self_test.h"
#include "cli/session.h"
#include "cli/table.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/base/version.h"
#include "kiloword/labels/catalog.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Facts = std::vector<std::pair<std::string, std::string>>;

constexpr int kSelfTestFailed = 3;

std::string names_of_models() {
  std::string names;
  for (const ModelEntry& model : list_models(data_directory() / "models")) {
    names += (names.empty() ? "" : ", ") + model.name;
  }
  return names.empty() ? "none" : names;
}

std::string count_of_label_sets() {
  try {
    return std::to_string(list_label_sets(data_directory() / "labels").size()) + " sets";
  } catch (const Error& error) {
    return error.what();
  }
}

/// The cache folder need not exist yet: what counts is whether it could be written.
std::string cache_state() {
  const fs::path folder = cache_directory();
  if (folder.empty()) return "none: neither XDG_CACHE_HOME nor HOME is set";
  std::error_code ignored;
  fs::path existing = folder;
  while (!fs::exists(existing, ignored) && existing.has_relative_path()) existing = existing.parent_path();
  return folder.string() +
         (::access(existing.c_str(), W_OK) == 0 ? ", writable" : ", not writable: nothing is kept");
}

Facts collect_facts(const DoctorArguments& arguments) {
  return {{"kiloword", kVersion},
          {"libtorch", TORCH_VERSION},
          {"OpenCV", CV_VERSION},
          {"ICU", U_ICU_VERSION},
          {"sentencepiece", KILOWORD_SENTENCEPIECE_VERSION},
          {"threads", std::to_string(thread_count(arguments.model.compute.threads))},
          {"data", data_directory().string()},
          {"models", names_of_models()},
          {"labels", count_of_label_sets()},
          {"cache", cache_state()}};
}

void write_json(const Facts& facts, const LoadedModel& model, const std::vector<CheckResult>& checks) {
  Json json;
  for (const auto& [name, value] : facts) json[name] = to_valid_utf8(value);
  json["model"] = to_valid_utf8(model.entry.name);
  json["device"] = model.encoder->device();
  json["checks"] = Json::array();
  for (const CheckResult& check : checks) {
    json["checks"].push_back({{"name", check.name}, {"passed", check.passed}, {"measured", check.measured}});
  }
  write_line(json.dump());
}

}  // namespace

int run_doctor(const DoctorArguments& arguments, Console& console) {
  const Facts facts = collect_facts(arguments);
  std::vector<std::vector<std::string>> rows;
  if (arguments.format == Format::kText) {  // told before the model is loaded, which may be what fails
    for (const auto& [name, value] : facts) rows.push_back({name, value});
    write_table(rows);
  }
  const LoadedModel model = load_model(arguments.model, console);
  const std::vector<CheckResult> checks = self_test(*model.encoder, model.entry.folder);
  bool all_passed = true;
  for (const CheckResult& check : checks) all_passed = all_passed && check.passed;
  if (arguments.format == Format::kJson) {
    write_json(facts, model, checks);
  } else {
    write_line("self-test of model " + printable(model.entry.name) + " on " + model.encoder->device());
    for (const CheckResult& check : checks) {
      write_line("  " + std::string(check.passed ? "ok      " : "FAILED  ") + check.name + ": " +
                 check.measured);
    }
  }
  return all_passed ? 0 : kSelfTestFailed;
}

}  // namespace kiloword::cli
