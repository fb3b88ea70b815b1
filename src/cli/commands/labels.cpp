#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/engine/example_store.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/labels/lint.h"
#include "kiloword/models/model_store.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kLabelsBroken = 3;

fs::path labels_folder() {
  return data_directory() / "labels";
}

std::string gate_text(const Gate& gate) {
  std::string text = gate.set + ": ";
  for (size_t i = 0; i < gate.labels.size(); ++i) text += (i == 0 ? "" : ", ") + gate.labels[i];
  return text;
}

/// One for each model under which `set` has examples.
std::vector<SetExamples> all_examples(const LabelSet& set) {
  std::vector<SetExamples> all;
  for (const fs::path& file : example_files(examples_folder(set))) {
    if (auto examples = read_examples(file)) all.push_back(std::move(*examples));
  }
  return all;
}

std::string examples_text(const SetExamples& examples) {
  std::string text = "under model " + examples.model;
  for (size_t i = 0; i < examples.labels.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + examples.labels[i].label + " (" +
            std::to_string(examples.labels[i].pictures.size()) + ")";
  }
  return text;
}

Json label_json(const LabelSet& set, const Label& label, const std::vector<SetExamples>& all) {
  Json json;
  json["label"] = label.name;
  json["statement"] = statement_text(set, label);
  if (!label.with_text.empty()) json["statement_with_text"] = statement_text(set, label, true);
  json["match"] = label_prompts(set, label);
  if (label.hypernym) json["is_a"] = set.labels[*label.hypernym].name;
  for (const SetExamples& examples : all) {
    for (const LabelExamples& of_label : examples.labels) {
      if (of_label.label != label.name) continue;
      json["examples"].push_back({{"model", examples.model}, {"pictures", of_label.pictures.size()}});
    }
  }
  return json;
}

void write_header(const LabelSet& set, const std::vector<SetExamples>& all) {
  const auto field = [](const std::string& key, const std::string& value) {
    write_line(key + ": " + printable(value));
  };
  field("set", set.name);
  field("file", set.path.string());
  if (!set.description.empty()) field("description", set.description);
  field("category", set.category);
  field("statement", set.statement);
  for (const std::string& text : set.prompt_templates) field("match", text);
  for (const std::string& text : set.negatives) field("negative", text);
  if (set.gate) field("gate", gate_text(*set.gate));
  if (set.min_confidence) field("min-confidence", Json(*set.min_confidence).dump());
  for (const SetExamples& examples : all) field("examples", examples_text(examples));
  field("labels", std::to_string(set.labels.size()));
}

/// Counts tokens as the model's text tower does; what it is built from is all of the model that linting
/// loads.
struct TokenLimit {
  std::unique_ptr<Tokenizer> tokenizer;
  int limit;
};

TokenLimit token_limit(const std::string& model_name) {
  const ModelEntry model = find_model(model_name, data_directory() / "models");
  const ClipModelInfo info = read_clip_model_info(model.folder);
  return {load_tokenizer(info.tokenizer, info.cleaning), info.context_length};
}

/// Label files as lint's arguments name them: files, or sets and groups by name; none stands for all that are
/// shipped.
std::vector<fs::path> files_to_lint(const std::vector<std::string>& arguments) {
  std::vector<fs::path> files;
  const std::vector<CatalogEntry> catalog = list_label_sets(labels_folder());
  if (arguments.empty()) {
    for (const CatalogEntry& entry : catalog) files.push_back(entry.path);
  }
  for (const std::string& argument : arguments) {
    const size_t before = files.size();
    for (const CatalogEntry& entry : catalog) {
      const bool in_group = entry.name.size() > argument.size() &&
                            entry.name.compare(0, argument.size(), argument) == 0 &&
                            entry.name[argument.size()] == '/';
      if (entry.name == argument || in_group) files.push_back(entry.path);
    }
    if (files.size() == before) files.emplace_back(argument);
  }
  return files;
}

/// As compilers write it: file, line, what is wrong.
std::string finding_text(const Finding& finding) {
  const std::string line = finding.line == 0 ? "" : ":" + std::to_string(finding.line);
  return printable(finding.path.string() + line + ": " + std::string(severity_name(finding.severity)) + ": " +
                   finding.message + (finding.remedy.empty() ? "" : "; " + finding.remedy));
}

}  // namespace

int run_labels_list(const LabelsListArguments& arguments, Console& console) {
  std::vector<std::vector<std::string>> rows{{"NAME", "CATEGORY", "LABELS", "TEMPLATES", "DESCRIPTION"}};
  int exit_code = 0;
  for (const CatalogEntry& entry : list_label_sets(labels_folder())) {
    try {
      const LabelSet set = load_label_set(entry.path, entry.name);
      if (arguments.format == Format::kJson) {
        write_line(Json({{"name", set.name},
                         {"category", set.category},
                         {"labels", set.labels.size()},
                         {"templates", set.prompt_templates.size()},
                         {"description", set.description},
                         {"path", to_valid_utf8(entry.path.string())}})
                       .dump());
      } else {
        rows.push_back({set.name, set.category, std::to_string(set.labels.size()),
                        std::to_string(set.prompt_templates.size()), set.description});
      }
    } catch (const Error& error) {  // the other sets are listed all the same
      console.error(error);
      exit_code = kLabelsBroken;
    }
  }
  if (arguments.format == Format::kText) write_table(rows);
  return exit_code;
}

int run_labels_show(const LabelsShowArguments& arguments) {
  for (ChosenLabelSet& chosen : resolve_label_sets({arguments.set}, labels_folder())) {
    if (!chosen.selected) continue;  // only a gate's
    LabelSet& set = chosen.set;
    const std::vector<SetExamples> all = all_examples(set);
    for (const SetExamples& examples : all) add_example_labels(set, examples);
    if (arguments.format == Format::kText) {
      write_header(set, all);
      write_line("---");
    }
    for (const Label& label : set.labels) {
      write_line(arguments.format == Format::kJson
                     ? label_json(set, label, all).dump()
                     : printable(label.name) + "  ->  " + statement_text(set, label));
    }
  }
  return 0;
}

int run_labels_lint(const LabelsLintArguments& arguments) {
  const TokenLimit tokens = token_limit(arguments.model);
  const auto count_tokens = [&](const std::string& text) {
    constexpr int kStartAndEnd = 2;
    return static_cast<int>(tokens.tokenizer->encode(text).size()) + kStartAndEnd;
  };
  int errors = 0;
  int warnings = 0;
  const std::vector<fs::path> files = files_to_lint(arguments.files);
  for (const fs::path& file : files) {
    for (const Finding& finding : lint_label_file(file, count_tokens, tokens.limit)) {
      ++(finding.severity == Severity::kError ? errors : warnings);
      write_line(finding_text(finding));
    }
  }
  write_line(std::to_string(files.size()) + " files, " + std::to_string(errors) + " errors, " +
             std::to_string(warnings) + " warnings");
  return errors > 0 ? kLabelsBroken : 0;
}

}  // namespace kiloword::cli
