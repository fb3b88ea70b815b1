#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/guided/description.h"
#include "kiloword/guided/word_evidence.h"
#include "kiloword/image/read_line.h"

namespace kiloword {

/// A statement of one set in a record.
struct StatementRecord {
  std::string set;
  std::string label;
  std::string text;
  double cosine = 0;       ///< -1..1
  double probability = 0;  ///< 0..1
  double confidence = 0;   ///< 0..1
  bool said = false;
  std::string reason;  ///< why it is rejected; empty if selected
  /// Whether the set's best label differs with the image's text painted over, or the label repeats that text.
  bool stands_on_text = false;
  std::vector<std::string> hypernyms = {};  ///< of the label, nearest first
  std::string hedged_from = {};             ///< the more specific name that a hypernym replaces; empty: none
};

/// A label with its numbers.
struct LabelRecord {
  std::string label;
  double cosine = 0;       ///< -1..1
  double probability = 0;  ///< 0..1
};

/// A name on the path from the most specific one to the root, and its outcome.
struct NameRecord {
  std::string label;
  double cosine = 0;       ///< -1..1, of its best kind
  double probability = 0;  ///< 0..1
  double confidence = 0;   ///< 0..1
  std::string outcome;     ///< "said", or the reason for rejection
};

/// The best labels of one set, for --explain.
struct ExplainedSet {
  std::string set;
  bool said = false;
  std::string reason;
  std::vector<LabelRecord> labels;     ///< best first
  std::vector<NameRecord> names = {};  ///< of a set with hypernyms: most specific first
};

/// The statements about a frame of a video or an animation.
struct FrameRecord {
  double time_s = 0;
  std::vector<StatementRecord> statements;  ///< only selected ones, best first
};

/// The caption record of one image (schema 1).
struct CaptionRecord {
  std::string path;
  std::optional<Error> error;  ///< set: nothing below is
  std::string caption;
  std::vector<StatementRecord> statements;  ///< best first
  std::vector<ReadLine> text;               ///< text read in the image, from the top
  std::vector<FrameRecord> frames;          ///< of a captioned video or animation
  int width = 0;                            ///< pixels, after EXIF rotation
  int height = 0;
  std::string model;
  double ms = 0;                        ///< reading to sentence; the only field that varies from run to run
  std::vector<ExplainedSet> explained;  ///< only with --explain
  std::vector<std::string> warnings = {};       ///< label texts that the model truncates
  std::vector<std::string> sets_left_out = {};  ///< label sets that were not embedded yet
};

/// Where the text of a description comes from.
enum class DescriptionSource {
  kSearch,  ///< the search, guided by cosines only
  kGuided,  ///< the search, restricted to words that the image supports
  kFacts,   ///< a sentence of confident facts, since the search found no supported text
  kBank,    ///< a human-written sentence retrieved for the image
  kLabels,  ///< the statements of the label sets, since nothing better was found
  kCoca,    ///< written by the decoder of a CoCa model
};

/// The name of a source in records: "search", "guided", "facts", "bank", "labels", "coca".
std::string_view description_source_name(DescriptionSource source);

/// The record of one described image (schema 1).
struct DescriptionRecord {
  std::string path;
  std::optional<Error> error;  ///< set: nothing below is
  std::string caption;         ///< the description as one line for prompts
  std::string description;     ///< neutralised, one line
  double cosine = 0;           ///< of the description with the image
  DescriptionSource source = DescriptionSource::kSearch;
  std::string reason;  ///< why the guided text was rejected; empty if it was used, and for kSearch
  std::vector<WordEvidence> words = {};  ///< content words of the description with their support; not for
                                         ///< kSearch
  std::vector<DescribedToken> tokens;    ///< in order
  uint64_t seed = 0;
  int width = 0;   ///< pixels, after EXIF rotation
  int height = 0;  ///< likewise
  std::string model;
  std::string language_model;
  std::string rerank_model;  ///< the model whose cosines chose the text among several; empty: none
  double rerank_cosine = 0;  ///< of the description with the image, by that model
  double ms = 0;             ///< reading to description; the only field that varies from run to run
  std::vector<std::string> warnings = {};  ///< a description that the model truncates
};

/// A text with its numbers for one image.
struct TextScore {
  std::string text;
  double cosine = 0;       ///< -1..1
  double probability = 0;  ///< 0..1; of a softmax over all texts of the command, or of a sigmoid
};

// Each is one JSON object on one line, in UTF-8, with keys in the order of the schema. A path that is not
// UTF-8 is lossy in "path" and exact in "path_base64". "warnings" is present only if there are any. Cosines
// and probabilities are rounded to four decimals.
std::string to_json(const CaptionRecord& record);
std::string to_json(const DescriptionRecord& record);
/// Both in one record: the description's, with the caption's statements and their fields.
std::string to_json(const DescriptionRecord& description, const CaptionRecord& caption);
std::string score_json(const std::string& path, const std::vector<TextScore>& scores, int width, int height,
                       const std::string& model, double ms, const std::vector<std::string>& warnings = {});
std::string embedding_json(const std::string& key, const std::string& value, const float* embedding,
                           size_t dim, const std::vector<std::string>& warnings = {});
/// The error record of an input.
std::string error_json(const std::string& path, const Error& error);
/// The record or embedding `json` of the image "-", with `path` as its path. Throws Error(kModel) if `json`
/// does not begin like one.
std::string with_path(const std::string& json, const std::string& path);

/// How well an image matches a query.
struct MatchScores {
  std::optional<double> cosine;      ///< with the query's text or image, -1..1
  std::optional<double> confidence;  ///< that the image shows the labels, 0..1
};

/// The record of a search result; ranks begin at 1.
std::string match_json(const std::string& path, size_t rank, const MatchScores& scores);

}  // namespace kiloword
