#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/labels/article.h"

namespace kiloword {

/// Limits that keep a hostile label file from using unbounded memory or time.
constexpr uint64_t kMaxLabelFileBytes = 64U << 20U;
constexpr size_t kMaxLabels = 5'000'000;
constexpr size_t kMaxMatchTemplates = 1'000;
/// Labels times prompt templates.
constexpr size_t kMaxMatchTexts = 50'000'000;
constexpr size_t kMaxLabelLineBytes = 16'384;
/// Maximum size of a label text, template or negative.
constexpr size_t kMaxLabelTextBytes = 1'000;
/// Maximum number of hypernyms above a label.
constexpr size_t kMaxHypernyms = 8;

/// One label of a set.
struct Label {
  std::string name;          ///< as in records
  std::string custom_match;  ///< the option `match:`; empty without it
  std::string custom_say;    ///< the option `say:`; empty without it
  std::string with_text;     ///< the option `with-text:`; empty without it
  Article article = Article::kAuto;
  int line = 0;          ///< in its file, from 1
  bool has_text = true;  ///< false with `match: none`: a hypernym whose probability comes only from its kinds
  std::optional<size_t> hypernym;  ///< the option `is-a:`: index of its hypernym in the set

  /// The text of `{label}` in prompt templates.
  const std::string& match_text() const { return custom_match.empty() ? name : custom_match; }
  /// The text of `{label}` in the statement.
  const std::string& say_text() const { return custom_say.empty() ? name : custom_say; }
  /// The same for an image in which text was read.
  const std::string& say_with_text() const { return with_text.empty() ? say_text() : with_text; }
};

/// A condition of statements: the best label of `set` must be one of `labels`, or a kind of one.
struct Gate {
  std::string set;
  std::vector<std::string> labels;
};

/// The content of a label file; labels/README.md describes the format.
struct LabelSet {
  std::string name;  ///< "medium", "nano/medium"; of a file outside the labels folder, its stem
  std::filesystem::path path;
  std::string category;                       ///< one word: characters, medium, objects, scene, people, ...
  std::string description;                    ///< one line for listings, may be empty
  std::string statement;                      ///< template of statements
  std::vector<std::string> prompt_templates;  ///< for CLIP; never empty: defaults to the statement
  std::vector<std::string> negatives;         ///< complete texts that compete with labels, but are never
                                              ///< selected
  std::vector<Label> labels;                  ///< never empty
  std::optional<double> min_confidence;       ///< 0..1
  std::optional<Gate> gate;
};

/// A gate with indices: open if the best label of set number `set` is one of `labels`.
struct OpenGate {
  size_t set = 0;
  std::vector<size_t> labels;  ///< sorted
};

/// Parses a label file in linear time. `name` and `path` are stored in the result and shown in errors. Throws
/// Error(kLabels) at `path:line` for the first error.
LabelSet parse_label_set(std::string_view content, std::string name, const std::filesystem::path& path);

/// Reads and parses the file `path`, of at most kMaxLabelFileBytes. Throws Error(kLabels).
LabelSet load_label_set(const std::filesystem::path& path, std::string name);

/// The prompts whose embeddings are averaged for `label`: the prompt templates of `set`, filled in. Empty for
/// a label without a text of its own.
std::vector<std::string> label_prompts(const LabelSet& set, const Label& label);

/// The statement for `label` of `set`: the statement template, filled in. `has_text`: text was read in the
/// image.
std::string statement_text(const LabelSet& set, const Label& label, bool has_text = false);

}  // namespace kiloword
