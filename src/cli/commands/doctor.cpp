#include <torch/version.h>
#include <unicode/uvernum.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <opencv2/core/version.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output/table.h"
#include "cli/self_test.h"
#include "cli/speed_record.h"
#include "cli/speed_test.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/base/utf8.h"
#include "kiloword/base/version.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/engine/loaded_model.h"
#include "kiloword/image/codecs.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/models/towers.h"

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

/// The image towers that are installed, each with what is wrong with it.
std::string names_of_towers() {
  std::string names;
  for (const TowerPackage& tower : read_towers(data_directory() / "models")) {
    const auto weights = installed_tower(tower);
    if (!weights) continue;
    names += (names.empty() ? "" : ", ") + tower.name;
    if (!is_intact(tower, *weights)) names += " (damaged: remove " + weights->string() + ")";
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
         (::access(existing.c_str(), W_OK) == 0 ? ", writable" : ", not writable: nothing is cached");
}

/// What counts first stands first.
std::string configuration_state(const std::string& file) {
  std::error_code ignored;
  const bool is_there = !file.empty() && fs::exists(file, ignored);
  const std::string name = file.empty() ? "no file: neither XDG_CONFIG_HOME nor HOME is set" : file;
  return "arguments, then KILOWORD_* in the environment, then " + name +
         (is_there || file.empty() ? "" : " (not there)") + ", then defaults";
}

Facts collect_facts(const DoctorArguments& arguments) {
  Facts facts{{"kiloword", kVersion},
              {"libtorch", TORCH_VERSION},
              {"OpenCV", CV_VERSION},
              {"ICU", U_ICU_VERSION},
              {"sentencepiece", KILOWORD_SENTENCEPIECE_VERSION}};
  for (const OptionalCodec& codec : optional_codecs()) {
    facts.emplace_back(codec.name, codec.state + " (" + codec.formats + ")");
  }
  for (auto& fact : Facts{{"threads", std::to_string(thread_count(arguments.model.compute.threads))},
                          {"data", data_directory().string()},
                          {"models", names_of_models()},
                          {"image towers", names_of_towers()},
                          {"labels", count_of_label_sets()},
                          {"cache", cache_state()},
                          {"configuration", configuration_state(arguments.configuration_file)}}) {
    facts.push_back(std::move(fact));
  }
  for (const Setting& setting : arguments.settings) {
    facts.emplace_back("setting " + setting.option, setting.value + " (" + setting.origin + ")");
  }
  return facts;
}

/// One model's self-test.
struct ModelReport {
  std::string model;
  std::string device;
  std::vector<CheckResult> checks;
  std::optional<SpeedRecord> speed = std::nullopt;  ///< where it was asked for
};

/// "cpu, 2 threads, fp32".
std::string conditions_of(const std::string& device, const ComputeOptions& compute) {
  return device + ", " + std::to_string(thread_count(compute.threads)) + " threads, " + compute.precision;
}

/// Whether the weights of the image tower that `model` has from a package are that package's; nothing of
/// other models.
std::vector<CheckResult> check_tower(const ModelEntry& model) {
  const std::string network = read_clip_model_info(model.folder).network;
  const auto tower = find_tower(network, read_towers(data_directory() / "models"));
  if (!tower || fs::exists(model.folder / (network + ".pth"))) return {};
  const auto weights = installed_tower(*tower);
  if (!weights) return {};
  const bool intact = is_intact(*tower, *weights);
  return {
      {"weights of " + network, intact, intact ? "checksum right" : "damaged: remove " + weights->string()}};
}

ModelReport test_encoder(const DoctorArguments& arguments, Console& console) {
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  std::vector<CheckResult> checks = self_test(*model.encoder, model.entry.folder);
  for (CheckResult& check : check_tower(model.entry)) checks.push_back(std::move(check));
  ModelReport report{model.entry.name, model.encoder->device(), std::move(checks)};
  if (arguments.bench) {
    report.speed = time_encoder(*model.encoder, conditions_of(report.device, arguments.model.compute));
    keep_speed(model.entry.folder, *report.speed);
  }
  return report;
}

ModelReport test_language_model(const DoctorArguments& arguments, Console& console) {
  ComputeOptions compute = arguments.model.compute;
  if (compute.precision == "int8") compute.precision = "fp32";  // which language models do not have
  const LoadedLanguageModel model = open_language_model(arguments.language_model, compute, console);
  ModelReport report{model.entry.name, model.model->device(), self_test(*model.model, model.entry.folder)};
  if (arguments.bench) {
    report.speed = time_language_model(*model.model, conditions_of(report.device, compute));
    keep_speed(model.entry.folder, *report.speed);
  }
  return report;
}

bool all_passed(const ModelReport& report) {
  return std::all_of(report.checks.begin(), report.checks.end(),
                     [](const CheckResult& check) { return check.passed; });
}

void write_text(const ModelReport& report) {
  write_line("self-test of model " + printable(report.model) + " on " + report.device);
  for (const CheckResult& check : report.checks) {
    write_line("  " + std::string(check.passed ? "ok      " : "FAILED  ") + check.name + ": " +
               check.measured);
  }
  if (report.speed) write_line("  speed   " + describe(*report.speed));
}

Json to_json(const ModelReport& report) {
  Json json{{"model", to_valid_utf8(report.model)}, {"device", report.device}, {"checks", Json::array()}};
  for (const CheckResult& check : report.checks) {
    json["checks"].push_back({{"name", check.name}, {"passed", check.passed}, {"measured", check.measured}});
  }
  if (!report.speed) return json;
  json["speed"]["conditions"] = report.speed->conditions;
  for (const auto& [name, rate] : report.speed->rates) json["speed"][name] = rate;
  return json;
}

}  // namespace

int run_doctor(const DoctorArguments& arguments, Console& console) {
  const bool text = arguments.format == Format::kText;
  const Facts facts = collect_facts(arguments);
  if (text) {  // told before a model is loaded, which may be what fails
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, value] : facts) rows.push_back({name, value});
    write_table(rows);
  }
  Json json;
  for (const auto& [name, value] : facts) json[name] = to_valid_utf8(value);
  json["self_tests"] = Json::array();
  bool passed = true;
  for (const auto& test : {test_encoder, test_language_model}) {
    const ModelReport report = test(arguments, console);
    passed = passed && all_passed(report);
    if (text) write_text(report);
    json["self_tests"].push_back(to_json(report));
  }
  if (!text) write_line(json.dump());
  return passed ? 0 : kSelfTestFailed;
}

}  // namespace kiloword::cli
