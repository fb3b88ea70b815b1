#include "kiloword/pipeline/image_facts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "kiloword/labels/label_set.h"
#include "pipeline/fact_sentence.h"
#include "pipeline/word_facts.h"

namespace kiloword {
namespace {

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

constexpr double kPerhaps = 0.35;  // of snow, where a background would be white

/// A name of a label set that is sure.
struct SureName {
  std::string name;    // of the label
  std::string text;    // with its article
  double support = 0;  // confidence
  std::vector<std::string> kinds;

  bool is(const char* kind) const {
    return name == kind || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }
};

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
      head_.set(words[i].word, probability);
    }
    for (const HeadWord& word : words) {
      // What has the colour is only known where there is little besides a dog.
      const bool is_loose_colour = word.word_class == "colour" && head_.of("dog") < thresholds_.sentence;
      if (!is_loose_colour && !has_exact_word(word.word)) words_.add(word.word, head_.of(word.word));
    }
  }

  /// Names of sets without a calibration are no facts: nobody knows how often they are right.
  void add_statement(const Candidate& candidate) {
    const EmbeddedLabelSet& embedded = bank_.sets()[candidate.set];
    const LabelSet& set = embedded.chosen.set;
    std::vector<ScoredLabel> path = candidate.path;
    if (path.empty()) path.push_back(candidate.best);
    std::vector<std::string> kinds;
    for (const ScoredLabel& name : path) kinds.push_back(set.labels[name.label].name);
    if (candidate.said()) statements_.push_back(statement_text(set, set.labels[candidate.best.label]));
    if (embedded.calibration == nullptr) return;
    if (candidate.rejection == Rejection::kNegativeWins || candidate.rejection == Rejection::kNotSelected)
      return;
    for (size_t i = 0; i < path.size(); ++i) {
      const Label& label = set.labels[path[i].label];
      SureName name{label.name,
                    with_article(label),
                    path[i].confidence,
                    {kinds.begin() + static_cast<std::ptrdiff_t>(i) + 1, kinds.end()}};
      const bool is_leaf = !embedded.tree || !embedded.tree->has_kinds(path[i].label);
      if (!is_judging(label.name) && !is_judging(label.say_text()))
        add_name(set.category, std::move(name), is_leaf);
    }
  }

  ImageFacts finish() {
    settle();
    if (!object_.name.empty())
      words_.add_noun(common_object_.empty() ? object_.name : common_object_, object_.support);
    if (!place_.name.empty() && !is_vague_place(place_.name)) words_.add_noun(place_.name, place_.support);
    const WordSupport words = words_;
    fill_sentence();
    ImageFacts facts{words, main_fact(), fact_sentence(sure_), {}, std::move(statements_)};
    // What pixels say of the background, or of all of the image, is not said of the things in it.
    if (sure_.pixels.background == PixelFacts::Background::kWhite) words_.add("white", 1);
    if (sure_.pixels.background == PixelFacts::Background::kBlack) words_.add("black", 1);
    if (sure_.pixels.is_grey) words_.add("black white photo", 1);
    facts.sentence_words = words_.evidence(facts.sentence);
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
                       [&](const auto& other) { return head_.of(other) >= thresholds_.sentence; });
  }

  void add_name(const std::string& category, SureName name, bool is_leaf) {
    if (name.is("person") || speaks_of_people(name.name)) return;  // the word head speaks of people
    const bool is_common = head_.all().count(name.name) > 0;
    if (category == "objects") {
      if (name.name == "furniture") furniture_ = name.support;
      const double least = is_leaf ? thresholds_.exact_object : thresholds_.object;
      if (name.support < least) return;
      if (common_object_.empty() && is_common) common_object_ = name.name;
      if (object_.name.empty()) object_ = std::move(name);
    } else if (category == "scene" && place_.name.empty() &&
               name.support >= (is_vague_place(name.name) ? thresholds_.vague_place : thresholds_.place)) {
      place_ = std::move(name);
    } else if (category == "medium" && medium_.name.empty() && name.support >= thresholds_.medium) {
      medium_ = std::move(name);
    }
  }

  /// Takes back what other facts speak against.
  void settle() {
    // Machines and shelves look like vans and trains.
    if (place_.is("indoors") && object_.is("vehicle")) object_ = {};
    // Clothes that nobody seems to wear are worn by somebody who is not seen.
    const bool is_plain = sure_.pixels.background != PixelFacts::Background::kAny;
    if (object_.is("clothing") && !is_plain && head_.people().text.empty()) object_ = {};
    // Buildings of every kind look like houses.
    if (place_.is("building") && object_.name == "house") object_ = {};
    // White skies, snow and nights are no plain backgrounds.
    PixelFacts::Background& background = sure_.pixels.background;
    const bool is_outdoor_place = place_.is("outdoors") && !is_vague_place(place_.name);
    if (is_outdoor_place || head_.of("snow") >= kPerhaps) background = PixelFacts::Background::kAny;
    if (background != PixelFacts::Background::kAny) place_ = {};
  }

  std::string take(const SurePhrase& phrase) {
    words_.add(phrase.text, phrase.support);
    return phrase.text;
  }

  void fill_sentence() {
    const bool has_medium = !medium_.name.empty() && medium_.name != "photo";
    if (has_medium) sure_.medium = take({medium_.text, medium_.support});
    sure_.people = take(people());
    const bool has_people = !sure_.people.empty();
    sure_.object =
        take(object_.name.empty() ? head_.thing(has_people) : SurePhrase{object_.text, object_.support});
    sure_.object_is_worn = object_.is("clothing");
    if (sure_.object_is_worn) words_.add("wearing", object_.support);
    const bool is_dog = object_.is("dog") || sure_.object == "a dog";
    const bool is_animal = object_.is("animal") || is_dog || sure_.object == "a horse";
    if (is_dog && sure_.object == "a dog") sure_.colour = take(head_.dog_colour());
    if (has_people && !is_animal) sure_.activity = take(head_.people_activity());
    if (!has_people && is_animal) sure_.activity = take(head_.animal_activity());
    fill_setting();
  }

  /// A thing on a plain background leaves little room for people, and people's things look like them.
  SurePhrase people() const {
    const bool is_plain = sure_.pixels.background != PixelFacts::Background::kAny;
    const bool is_still = is_plain && !object_.name.empty() && !object_.is("clothing");
    return is_still && head_.of("person") < thresholds_.person_beside_thing ? SurePhrase() : head_.people();
  }

  SurePhrase surroundings() const {
    const bool is_still =
        sure_.people.empty() && !object_.is("animal") && !object_.is("vehicle") && sure_.object != "a dog";
    if (is_still && !place_.is("outdoors")) return {};  // a lamp has no landscape around it
    SurePhrase found = head_.surroundings();
    const std::string stem = found.text.substr(found.text.rfind(' ') + 1, 4);  // "tree" of "near trees"
    if (!found.text.empty() && sure_.object.find(stem) != std::string::npos) return {};
    found.text = where_it_is(found.text);
    return found;
  }

  /// What lives in the water, and what floats on it, is not beside it.
  std::string where_it_is(const std::string& phrase) const {
    if (phrase != "by the water" || !sure_.people.empty()) return phrase;
    for (const char* kind : {"fish", "whale", "dolphin", "sea turtle", "sea lion"})
      if (object_.is(kind)) return "in the water";
    return object_.is("boat") || sure_.object == "a boat" ? "on the water" : phrase;
  }

  void fill_setting() {
    sure_.place = take({place_.text, place_.support});
    if (!place_.name.empty())
      sure_.place_phrase =
          take({where_it_is(place_phrase(place_.name, place_.text, place_.kinds)), place_.support});
    sure_.place_is_vague = is_vague_place(place_.name);
    if (!place_.is("indoors")) sure_.surroundings = take(surroundings());
    sure_.nobody = place_.is("landscape") && !head_.empty() && head_.of("person") < thresholds_.nobody;
    // Rooms have furniture more often than pictures of all kinds do, which confidences are calibrated on.
    if (place_.is("indoors") && furniture_ >= thresholds_.furniture_of_room)
      sure_.scenery.push_back(take({"furniture", furniture_}));
    sure_.is_outdoors = place_.is("outdoors");
    if (!sure_.is_outdoors) return;
    words_.add("blue sky night", place_.support);
    for (const SurePhrase& phrase : head_.scenery(place_.name)) sure_.scenery.push_back(take(phrase));
  }

  /// The last word of "a man", "playing soccer".
  static std::string noun_of(const std::string& phrase) { return phrase.substr(phrase.rfind(' ') + 1); }

  std::optional<std::string> main_fact() const {
    if (!common_object_.empty() && !object_.name.empty()) return common_object_;
    if (!object_.name.empty()) return object_.name;
    if (!sure_.people.empty()) return noun_of(sure_.people);
    if (!sure_.object.empty()) return noun_of(sure_.object);
    if (!place_.name.empty() && !is_vague_place(place_.name)) return place_.name;
    return std::nullopt;
  }

  const FactThresholds& thresholds_;
  const ImageTextEncoder& encoder_;
  const LabelBank& bank_;
  WordSupport words_;
  HeadWords head_;  // empty: the model has no word head
  SureFacts sure_;
  SureName object_;
  std::string common_object_;  // the nearest name of the object that the word head knows too
  double furniture_ = 0;       // confidence
  SureName place_;
  SureName medium_;
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
