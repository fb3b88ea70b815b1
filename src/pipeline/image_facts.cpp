#include "kiloword/pipeline/image_facts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "kiloword/labels/label_set.h"
#include "pipeline/fact_sentence.h"

namespace kiloword {
namespace {

/// Words for people that a sentence of facts begins with, and how it says them.
const std::map<std::string, std::string>& people_phrases() {
  static const std::map<std::string, std::string> kTable{
      {"man", "a man"},     {"woman", "a woman"},   {"boy", "a boy"},         {"girl", "a girl"},
      {"child", "a child"}, {"person", "a person"}, {"men", "men"},           {"women", "women"},
      {"boys", "boys"},     {"girls", "girls"},     {"children", "children"}, {"people", "people"},
      {"baby", "a baby"},   {"crowd", "a crowd"}};
  return kTable;
}

/// Actions that a sentence of facts says: what one sees at a glance.
const std::vector<std::string>& plain_actions() {
  static const std::vector<std::string> kWords{
      "running",       "jumping",      "swimming", "climbing", "riding",  "sitting", "standing",
      "skateboarding", "snowboarding", "surfing",  "skiing",   "walking", "playing"};
  return kWords;
}

/// Surroundings by the word for them.
const std::vector<std::pair<std::string, std::string>>& surroundings() {
  static const std::vector<std::pair<std::string, std::string>> kTable{
      {"snow", "in the snow"}, {"grass", "on the grass"}, {"beach", "on a beach"}, {"street", "on a street"},
      {"pool", "at a pool"},   {"water", "by the water"}, {"sand", "on sand"},     {"field", "in a field"}};
  return kTable;
}

/// Scenery that is said with a place outdoors.
const std::vector<std::string>& plain_scenery() {
  static const std::vector<std::string> kWords{"water", "snow", "grass",    "trees",
                                               "rocks", "sand", "mountains"};
  return kWords;
}

std::string with_article(const Label& label) {
  LabelSet phrase;
  phrase.statement = "{a} {label}";
  return statement_text(phrase, label);
}

bool is_judging(const std::string& name) {
  WordSupport words(0);
  const std::vector<WordEvidence> evidence = words.evidence(name);
  return std::any_of(evidence.begin(), evidence.end(),
                     [](const WordEvidence& word) { return word_class(word.word) == WordClass::kJudging; });
}

/// Shares of labels and negatives in the softmax of a set whose label `root` they are below; 1 where there is
/// no such label, so that nothing is held against a word.
double mass_below(const EmbeddedLabelSet& set, const SetScores& scores, const char* root,
                  const LogitRule& logits) {
  const std::vector<Label>& labels = set.chosen.set.labels;
  const auto found =
      std::find_if(labels.begin(), labels.end(), [&](const Label& label) { return label.name == root; });
  if (found == labels.end() || !set.tree || logits.bias) return 1;
  const auto top = static_cast<size_t>(found - labels.begin());
  double highest = -1;
  for (const float cosine : scores.cosines) highest = std::max(highest, static_cast<double>(cosine));
  double sum = 0;
  double below = 0;
  const auto weight = [&](float cosine) {
    return std::exp(logits.scale * (static_cast<double>(cosine) - highest));
  };
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!set.tree->has_text(i)) continue;
    sum += weight(scores.cosines[i]);
    if (set.tree->is_a(i, top)) below += weight(scores.cosines[i]);
  }
  for (const float cosine : scores.negative_cosines) sum += weight(cosine);
  return below / sum;
}

/// The facts about one image as they are put together.
class Collector {
 public:
  Collector(const FactThresholds& thresholds, const ImageTextEncoder& encoder, const LabelBank& bank,
            const PixelFacts& pixels)
      : thresholds_(thresholds), encoder_(encoder), bank_(bank), words_(thresholds.written_word) {
    sure_.pixels = pixels;
  }

  /// The word head's words. Those for animals and vehicles need such things among the objects.
  void add_head(const Embeddings& image, const std::vector<SetScores>& scores, const LogitRule& logits) {
    std::map<std::string, double> least_mass;
    for (size_t i = 0; i < bank_.sets().size(); ++i) {
      const EmbeddedLabelSet& set = bank_.sets()[i];
      if (set.chosen.set.category != "objects") continue;
      for (const char* kind : {"animal", "vehicle"})
        least_mass[kind] = mass_below(set, scores[i], kind, logits);
    }
    const std::vector<HeadWord>& words = encoder_.words();
    for (size_t i = 0; i < words.size() && i < image.words.size(); ++i) {
      double probability = image.words[i];
      const auto mass = least_mass.find(words[i].word_class);
      if (mass != least_mass.end() && mass->second < thresholds_.kind_mass) probability = 0;
      if (sure_.pixels.is_grey && words[i].word_class == "colour") probability = 0;
      head_[words[i].word] = probability;
    }
    for (const auto& [word, probability] : head_) {
      if (!has_exact_word(word)) words_.add(word, probability);
    }
  }

  /// Names of sets without a calibration are no facts: nobody knows how often they are right.
  void add_statement(const Candidate& candidate) {
    const LabelSet& set = bank_.sets()[candidate.set].chosen.set;
    std::vector<ScoredLabel> path = candidate.path;
    if (path.empty()) path.push_back(candidate.best);
    std::vector<std::string> kinds;
    for (const ScoredLabel& name : path) kinds.push_back(set.labels[name.label].name);
    if (candidate.said()) statements_.push_back(statement_text(set, set.labels[candidate.best.label]));
    if (bank_.sets()[candidate.set].calibration == nullptr) return;
    if (candidate.rejection == Rejection::kNegativeWins || candidate.rejection == Rejection::kNotSelected)
      return;
    for (size_t i = 0; i < path.size(); ++i)
      add_name(set, path[i], {kinds.begin() + static_cast<std::ptrdiff_t>(i) + 1, kinds.end()});
  }

  ImageFacts finish() {
    const bool is_plain = sure_.pixels.background != PixelFacts::Background::kAny;
    if (is_plain) {
      sure_.place.clear();
      sure_.place_phrase.clear();
    }
    // One name for one thing: "a big animal with a cat" names one twice.
    if (!object_.empty()) words_.add(common_object_.empty() ? object_ : common_object_, object_confidence_);
    find_people();
    find_surroundings(is_plain);
    ImageFacts facts{words_, main_fact(), fact_sentence(sure_), {}, std::move(statements_)};
    // What pixels say of the background, or of all of the image, is not said of the things in it.
    WordSupport seen = std::move(words_);
    if (sure_.pixels.background == PixelFacts::Background::kWhite) seen.add("white", 1);
    if (sure_.pixels.background == PixelFacts::Background::kBlack) seen.add("black", 1);
    if (sure_.pixels.is_grey) seen.add("black white", 1);
    seen.add(sure_.people, head(people_));
    seen.add(sure_.object, object_confidence_);
    seen.add(sure_.place, place_confidence_);
    seen.add(sure_.place_phrase, place_confidence_);
    facts.sentence_words = seen.evidence(facts.sentence);
    return facts;
  }

 private:
  /// Whether `word` is a general one, and a more exact one is to be written in its place.
  bool has_exact_word(const std::string& word) const {
    static const std::map<std::string, std::vector<std::string>> kExact{
        {"person",
         {"man", "woman", "boy", "girl", "child", "baby", "men", "women", "boys", "girls", "children"}},
        {"people", {"man", "woman", "men", "women", "boys", "girls", "children", "crowd"}},
        {"child", {"boy", "girl", "baby"}},
        {"animal", {"dog", "dogs", "horse", "horses", "bird", "birds"}},
        {"animals", {"dog", "dogs", "horse", "horses", "bird", "birds"}}};
    const auto exact = kExact.find(word);
    return exact != kExact.end() &&
           std::any_of(exact->second.begin(), exact->second.end(),
                       [&](const auto& other) { return head(other) >= thresholds_.sentence; });
  }

  double head(const std::string& word) const {
    const auto found = head_.find(word);
    return found == head_.end() ? 0 : found->second;
  }

  double people_probability() const { return std::max(head("person"), head("people")); }

  void add_name(const LabelSet& set, const ScoredLabel& name, const std::vector<std::string>& kinds) {
    const Label& label = set.labels[name.label];
    if (is_judging(label.name) || is_judging(label.say_text())) return;
    const bool is_person =
        label.name == "person" || std::find(kinds.begin(), kinds.end(), "person") != kinds.end();
    if (is_person || speaks_of_people(label.name)) return;  // the word head and its sentence speak of people
    if (set.category == "objects") {
      if (name.confidence < thresholds_.object) return;
      if (sure_.object.empty()) {
        sure_.object = with_article(label);
        object_ = label.name;
        sure_.object_acts =
            label.name == "animal" || std::find(kinds.begin(), kinds.end(), "animal") != kinds.end();
        object_confidence_ = name.confidence;
      }
      if (common_object_.empty() && head_.count(label.name) > 0) common_object_ = label.name;
    } else if (set.category == "scene") {
      if (name.confidence < thresholds_.place || !sure_.place.empty()) return;
      sure_.place = with_article(label);
      sure_.place_phrase = place_phrase(label.name, sure_.place, kinds);
      place_ = label.name;
      place_confidence_ = name.confidence;
      words_.add(label.name, name.confidence);
      is_outdoors_ =
          label.name == "outdoors" || std::find(kinds.begin(), kinds.end(), "outdoors") != kinds.end();
    } else if (set.category == "medium") {
      if (name.confidence >= thresholds_.medium && label.name != "photo" && sure_.medium.empty())
        sure_.medium = with_article(label);
    }
  }

  void find_people() {
    double surest = thresholds_.sure_word;
    for (const auto& [word, phrase] : people_phrases()) {
      const bool general = word == "person" || word == "people" || word == "child";
      const double probability = general ? head(word) - 0.25 : head(word);  // what is more exact comes first
      if (head(word) < thresholds_.sure_word || (probability <= surest && !sure_.people.empty())) continue;
      surest = probability;
      sure_.people = phrase;
      people_ = word;
    }
    sure_.nobody = !head_.empty() && people_probability() < 0.05;
    double likeliest = thresholds_.sure_word;
    for (const std::string& action : plain_actions()) {
      if (head(action) < likeliest) continue;
      likeliest = head(action);
      sure_.action = action;
    }
  }

  void find_surroundings(bool is_plain) {
    if (is_plain) return;
    for (const auto& [word, phrase] : surroundings()) {
      if (sure_.surroundings.empty() && head(word) >= thresholds_.sure_word) sure_.surroundings = phrase;
    }
    if (!is_outdoors_) return;
    for (const std::string& word : plain_scenery()) {
      if (head(word) >= thresholds_.sure_word && sure_.scenery.size() < 2) sure_.scenery.push_back(word);
    }
  }

  std::optional<std::string> main_fact() const {
    if (!common_object_.empty()) return common_object_;
    if (!object_.empty()) return object_;
    if (!people_.empty()) return people_;
    if (!place_.empty()) return place_;
    return std::nullopt;
  }

  const FactThresholds& thresholds_;
  const ImageTextEncoder& encoder_;
  const LabelBank& bank_;
  WordSupport words_;
  std::map<std::string, double> head_;  // empty: the model has no word head
  SureFacts sure_;
  std::string object_;
  double object_confidence_ = 0;
  std::string common_object_;  // the nearest name of the object that the word head knows too
  std::string people_;
  std::string place_;
  double place_confidence_ = 0;
  bool is_outdoors_ = false;
  std::vector<std::string> statements_;
};

}  // namespace

bool knows_facts(const ImageTextEncoder& encoder, const LabelBank& bank) {
  return !encoder.words().empty() ||
         std::any_of(bank.sets().begin(), bank.sets().end(),
                     [](const EmbeddedLabelSet& set) { return set.calibration != nullptr; });
}

FactFinder::FactFinder(const ImageTextEncoder& encoder, const LabelBank& bank, FactThresholds thresholds)
    : encoder_(encoder), bank_(bank), rules_(bank.rules()), thresholds_(thresholds) {}

ImageFacts FactFinder::find(const Embeddings& image, const PixelFacts& pixels) const {
  const std::vector<SetScores> scores = bank_.score(image).front();
  RankOptions options;
  options.logits = {encoder_.logit_multiplier(), encoder_.logit_bias()};
  Collector collector(thresholds_, encoder_, bank_, pixels);
  collector.add_head(image, scores, options.logits);
  for (const Candidate& candidate : rank_statements(scores, rules_, options))
    collector.add_statement(candidate);
  return collector.finish();
}

}  // namespace kiloword
