#include "kiloword/pipeline/caption_pipeline.h"

#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/hash.h"
#include "kiloword/decision/rank_rule.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/pipeline/sentence.h"

namespace kiloword {
namespace {

/// What records call the sets: "medium" for "nano/medium", unless two of them would share the short name.
std::vector<std::string> short_names(const std::vector<EmbeddedLabelSet>& sets) {
  const auto stem = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
  std::map<std::string, int> uses;
  for (const EmbeddedLabelSet& set : sets) ++uses[stem(set.chosen.set.name)];
  std::vector<std::string> names;
  for (const EmbeddedLabelSet& set : sets) {
    const std::string& full = set.chosen.set.name;
    names.push_back(uses[stem(full)] == 1 ? stem(full) : full);
  }
  return names;
}

/// The records of the names of `candidate`, from the most specific to the last hypernym.
std::vector<NameRecord> name_records(const Candidate& candidate, const LabelSet& set) {
  std::vector<NameRecord> records;
  bool is_said = false;  // a name before
  for (const ScoredLabel& name : candidate.path) {
    std::string outcome = "below the minimum confidence";
    if (is_said) {
      outcome = "a more specific name is selected";
    } else if (candidate.said() && name.label == candidate.best.label) {
      is_said = true;
      outcome = "said";
    } else if (!candidate.said()) {
      outcome = rejection_reason(candidate.rejection);
    }
    records.push_back({set.labels[name.label].name, name.cosine, name.probability, name.confidence, outcome});
  }
  return records;
}

/// Tells the hypernyms of what `candidate` says, and what it hedges from.
void add_hypernyms(const Candidate& candidate, const LabelSet& set, StatementRecord& statement) {
  bool is_above = false;
  for (const ScoredLabel& name : candidate.path) {
    if (is_above) statement.hypernyms.push_back(set.labels[name.label].name);
    is_above = is_above || name.label == candidate.best.label;
  }
  const bool hedges =
      candidate.said() && !candidate.path.empty() && candidate.path.front().label != candidate.best.label;
  if (hedges) statement.hedged_from = set.labels[candidate.path.front().label].name;
}

/// The words of `text` in lower case; letters outside of ASCII count as parts of words.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : ascii_lower(text)) {
    const bool is_part =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (is_part) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Whether every word of `label` is among those that were read.
bool repeats_text(const std::string& label, const std::set<std::string>& read) {
  const std::vector<std::string> words = words_of(label);
  return !words.empty() && std::all_of(words.begin(), words.end(),
                                       [&](const std::string& word) { return read.count(word) > 0; });
}

std::set<std::string> words_of(const std::vector<ReadLine>& lines) {
  std::set<std::string> words;
  for (const ReadLine& line : lines) {
    for (std::string& word : words_of(line.text)) words.insert(std::move(word));
  }
  return words;
}

/// `The text reads "..."` of what was read; empty where nothing was.
std::string read_statement_of(const std::vector<ReadLine>& lines) {
  std::vector<std::string> texts;
  for (const ReadLine& line : lines) texts.push_back(line.text);
  return read_statement(texts);
}

}  // namespace

TypographicPolicy typographic_rule(const std::string& name) {
  if (name == "off") return TypographicPolicy::kOff;
  if (name == "flag") return TypographicPolicy::kFlag;
  if (name == "drop") return TypographicPolicy::kDrop;
  throw Error(ErrorKind::kUsage, "no such rule for words in images: " + name, "", "give off, flag or drop");
}

CaptionPipeline::CaptionPipeline(ImageTextEncoder& encoder, const LabelBank& bank,
                                 CaptionPipelineOptions options)
    : encoder_(encoder),
      bank_(bank),
      rules_(bank.rules()),
      set_names_(short_names(bank.sets())),
      options_(std::move(options)) {
  options_.rank.logits = {encoder.logit_multiplier(), encoder.logit_bias()};
  for (const EmbeddedLabelSet& set : bank.sets()) {
    if (set.warning) warnings_.push_back(*set.warning);
  }
}

CaptionRecord CaptionPipeline::caption(const PreparedImage& image) const {
  return captions({image}).front();
}

std::vector<CaptionRecord> CaptionPipeline::captions(std::vector<PreparedImage> images) const {
  const std::vector<EncodedImage> encoded = encode(encoder_, std::move(images));
  std::vector<CaptionRecord> records;
  records.reserve(encoded.size());
  for (const EncodedImage& image : encoded) records.push_back(caption(image));
  return records;
}

CaptionRecord CaptionPipeline::caption(const EncodedImage& encoded) const {
  const PreparedImage& image = encoded.image;
  if (image.error) {
    CaptionRecord failed;
    failed.path = image.path;
    failed.error = image.error;
    return failed;
  }
  const auto start = std::chrono::steady_clock::now();
  const bool looks_at_text =
      options_.typographic != TypographicPolicy::kOff && encoded.embedding_without_text.rows > 0;
  std::vector<SetScores> without_text;
  if (looks_at_text) without_text = std::move(bank_.score(encoded.embedding_without_text).front());
  CaptionRecord record = record_of(image, std::move(bank_.score(encoded.embedding).front()), without_text);
  if (!image.frames.empty()) {
    std::vector<std::vector<SetScores>> of_frames = bank_.score(encoded.frame_embeddings);
    for (size_t i = 0; i < of_frames.size(); ++i) {
      record.frames.push_back({image.frames[i].time_s, statements_said(std::move(of_frames[i]))});
    }
  }
  record.ms += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return record;
}

std::vector<StatementRecord> CaptionPipeline::statements_said(std::vector<SetScores> scores) const {
  std::vector<StatementRecord> said;
  for (StatementRecord& statement : record_of({}, std::move(scores), {}).statements) {
    if (statement.said) said.push_back(std::move(statement));
  }
  return said;
}

CaptionRecord CaptionPipeline::record_of(const PreparedImage& image, std::vector<SetScores> scores,
                                         const std::vector<SetScores>& without_text) const {
  std::vector<bool> stands_on_text(scores.size());
  for (size_t i = 0; i < without_text.size(); ++i) {
    const LabelTree* tree = rules_[i].tree.get();
    stands_on_text[i] = best_label(scores[i], tree) != best_label(without_text[i], tree);
    if (stands_on_text[i] && options_.typographic == TypographicPolicy::kDrop) scores[i] = without_text[i];
  }
  CaptionRecord record;
  record.path = image.path;
  record.width = image.width;
  record.height = image.height;
  record.model = options_.model_name;
  record.ms = image.ms;
  record.sets_left_out = bank_.left_out();
  record.warnings = warnings_;
  const std::vector<Candidate> candidates = rank_statements(scores, rules_, options_.rank);
  record.text = image.text;
  const std::set<std::string> read = words_of(image.text);
  std::vector<std::string> said;
  for (const Candidate& candidate : candidates) {
    const LabelSet& set = bank_.sets()[candidate.set].chosen.set;
    const Label& label = set.labels[candidate.best.label];
    StatementRecord statement;
    statement.set = set_names_[candidate.set];
    statement.label = label.name;
    statement.text = statement_text(set, label, !image.text.empty());
    statement.cosine = candidate.best.cosine;
    statement.probability = candidate.best.probability;
    statement.confidence = candidate.best.confidence;
    statement.said = candidate.said();
    statement.reason = rejection_reason(candidate.rejection);
    add_hypernyms(candidate, set, statement);
    statement.stands_on_text =
        (stands_on_text[candidate.set] && options_.typographic == TypographicPolicy::kFlag) ||
        repeats_text(label.name, read);
    if (statement.said) said.push_back(statement.text);
    record.statements.push_back(std::move(statement));
  }
  said.push_back(read_statement_of(image.text));
  record.caption = compose_sentence(said, options_.author);
  if (options_.explain_labels > 0) explain(scores, candidates, record);
  return record;
}

std::string CaptionPipeline::fingerprint(const DecodeLimits& limits) const {
  Fingerprint fingerprint;
  fingerprint.add("record 1").add(encoder_.fingerprint()).add(bank_.fingerprint());
  fingerprint.add(options_.author).add(options_.model_name);
  const RankOptions& rank = options_.rank;
  for (const double number :
       {static_cast<double>(rank.rule), static_cast<double>(rank.top_k), rank.min_confidence.value_or(-1.0),
        static_cast<double>(options_.explain_labels), static_cast<double>(options_.typographic)}) {
    fingerprint.add(std::to_string(number));
  }
  if (rank.per_set != 1) fingerprint.add("per set " + std::to_string(rank.per_set));
  if (options_.reader && options_.reader->options().mode != Reading::kOff) {
    const ReadingOptions& reading = options_.reader->options();
    fingerprint.add("reads " + std::to_string(static_cast<int>(reading.mode)) + " " + reading.language + " " +
                    std::to_string(reading.max_ms) + " " + tesseract_version());
  }
  fingerprint.add(std::to_string(limits.max_pixels)).add(limits.exact ? "exact" : "reduced");
  if (limits.ignore_profile) fingerprint.add("no profile");  // only then: runs of before it go on
  const FrameChoice& frames = options_.frames;
  if (frames.is_asked_for()) {
    fingerprint.add("frames " + std::to_string(frames.count) + " " + std::to_string(frames.every_s));
    if (frames.shots) fingerprint.add("shots");
  }
  if (limits.page != 1) fingerprint.add("page " + std::to_string(limits.page));
  return fingerprint.hex().substr(0, 16);
}

void CaptionPipeline::explain(const std::vector<SetScores>& scores, const std::vector<Candidate>& candidates,
                              CaptionRecord& record) const {
  std::vector<bool> is_explained(scores.size());
  for (const Candidate& candidate : candidates) {
    if (is_explained[candidate.set]) continue;  // a further statement of the set
    is_explained[candidate.set] = true;
    const LabelSet& set = bank_.sets()[candidate.set].chosen.set;
    ExplainedSet explained{set_names_[candidate.set],
                           candidate.said(),
                           std::string(rejection_reason(candidate.rejection)),
                           {},
                           name_records(candidate, set)};
    for (const ScoredLabel& scored : top_labels(scores[candidate.set], options_.rank.logits,
                                                options_.explain_labels, rules_[candidate.set].tree.get())) {
      explained.labels.push_back({set.labels[scored.label].name, scored.cosine, scored.probability});
    }
    record.explained.push_back(std::move(explained));
  }
}

std::shared_ptr<const TextReader> text_reader(const StatementChoices& choices) {
  const ReadingOptions options{reading_mode(choices.read_text), choices.text_language, choices.read_text_ms};
  return options.mode == Reading::kOff ? nullptr : std::make_shared<const TextReader>(options);
}

CaptionPipelineOptions caption_pipeline_options(const StatementChoices& choices,
                                                const std::string& model_name) {
  constexpr size_t kExplainedLabels = 5;
  CaptionPipelineOptions options;
  options.rank.rule = rank_rule(choices.rank);
  options.rank.top_k = static_cast<size_t>(choices.top_k);
  options.rank.per_set = static_cast<size_t>(choices.per_set);
  options.rank.min_confidence = choices.min_confidence;
  options.author = choices.author;
  options.model_name = model_name;
  options.typographic = typographic_rule(choices.typographic);
  options.reader = text_reader(choices);
  options.frames = {choices.frames.value_or(0), choices.every.value_or(0), choices.shots};
  options.explain_labels = choices.explain ? kExplainedLabels : 0;
  return options;
}

}  // namespace kiloword
