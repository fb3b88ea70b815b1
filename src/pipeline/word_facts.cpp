#include "pipeline/word_facts.h"

#include <algorithm>

namespace kiloword {
namespace {

/// A phrase for which each of `words` has to have a probability of at least `least`.
struct WordRule {
  std::vector<std::string> words;
  double least;
  std::string phrase;
};
using WordRules = std::vector<WordRule>;

const WordRules& one_person() {
  static const WordRules kRules{{{"man"}, 0.7, "a man"},   {{"woman"}, 0.8, "a woman"},
                                {{"boy"}, 0.6, "a boy"},   {{"girl"}, 0.7, "a girl"},
                                {{"baby"}, 0.5, "a baby"}, {{"child"}, 0.75, "a child"}};
  return kRules;
}

const WordRules& several_people() {
  static const WordRules kRules{{{"crowd"}, 0.5, "a crowd of people"}, {{"children"}, 0.7, "children"}};
  return kRules;
}

const WordRules& people_activities() {
  static const WordRules kRules{
      {{"riding", "bicycle"}, 0.5, "riding a bicycle"},
      {{"riding", "motorcycle"}, 0.5, "riding a motorcycle"},
      {{"riding", "horse"}, 0.5, "riding a horse"},
      {{"soccer"}, 0.6, "playing soccer"},
      {{"football"}, 0.5, "playing football"},
      {{"basketball"}, 0.5, "playing basketball"},
      {{"baseball"}, 0.6, "playing baseball"},
      {{"tennis"}, 0.5, "playing tennis"},
      {{"surfing"}, 0.5, "surfing"},
      {{"skateboarding"}, 0.6, "skateboarding"},
      {{"snowboarding"}, 0.5, "snowboarding"},
      {{"skiing"}, 0.7, "skiing"},
      {{"swimming"}, 0.6, "swimming"},
      {{"climbing"}, 0.5, "climbing"},
      {{"running"}, 0.65, "running"},
      {{"jumping"}, 0.75, "jumping"},
      {{"sitting"}, 0.75, "sitting"},
  };
  return kRules;
}

const WordRules& animal_activities() {
  static const WordRules kRules{
      {{"swimming"}, 0.6, "swimming"}, {{"running"}, 0.65, "running"}, {{"jumping"}, 0.75, "jumping"}};
  return kRules;
}

const WordRules& things() {
  static const WordRules kRules{{{"dog"}, 0.7, "a dog"},          {{"horse"}, 0.7, "a horse"},
                                {{"bird"}, 0.7, "a bird"},        {{"boat"}, 0.75, "a boat"},
                                {{"bicycle"}, 0.65, "a bicycle"}, {{"motorcycle"}, 0.7, "a motorcycle"}};
  return kRules;
}

const WordRules& things_beside_people() {
  static const WordRules kRules{
      {{"ball"}, 0.65, "a ball"}, {{"sunglasses"}, 0.5, "sunglasses"}, {{"hat"}, 0.55, "a hat"}};
  return kRules;
}

const WordRules& in_water() {
  static const WordRules kRules{{{"surfing", "water"}, 0.5, "in the water"},
                                {{"swimming", "water"}, 0.6, "in the water"}};
  return kRules;
}

const WordRules& settings() {
  static const WordRules kRules{
      {{"pool"}, 0.5, "at a pool"},      {{"snow"}, 0.5, "in the snow"},    {{"beach"}, 0.55, "on a beach"},
      {{"grass"}, 0.5, "on the grass"},  {{"sand"}, 0.55, "on sand"},       {{"field"}, 0.55, "in a field"},
      {{"street"}, 0.75, "on a street"}, {{"water"}, 0.65, "by the water"}, {{"rocks"}, 0.65, "on rocks"},
      {{"trees"}, 0.55, "near trees"},
  };
  return kRules;
}

const WordRules& sceneries() {
  static const WordRules kRules{{{"water"}, 0.65, "water"}, {{"snow"}, 0.55, "snow"},
                                {{"grass"}, 0.55, "grass"}, {{"trees"}, 0.55, "trees"},
                                {{"rocks"}, 0.7, "rocks"},  {{"mountains"}, 0.55, "mountains"}};
  return kRules;
}

/// A rule with the lowest probability among its words.
struct Judged {
  const WordRule* rule = nullptr;
  double support = 0;

  double margin() const { return (support - rule->least) / (1 - rule->least); }
};

std::vector<Judged> fulfilled(const WordRules& rules, const HeadWords& head) {
  std::vector<Judged> found;
  for (const WordRule& rule : rules) {
    double support = 1;
    for (const std::string& word : rule.words) support = std::min(support, head.of(word));
    if (support >= rule.least) found.push_back({&rule, support});
  }
  return found;
}

/// The one that is furthest above its threshold.
SurePhrase surest(const WordRules& rules, const HeadWords& head) {
  const std::vector<Judged> found = fulfilled(rules, head);
  const auto best = std::max_element(
      found.begin(), found.end(), [](const Judged& a, const Judged& b) { return a.margin() < b.margin(); });
  return best == found.end() ? SurePhrase() : SurePhrase{best->rule->phrase, best->support};
}

}  // namespace

double HeadWords::of(const std::string& word) const {
  const auto found = probabilities_.find(word);
  return found == probabilities_.end() ? 0 : found->second;
}

SurePhrase HeadWords::people() const {
  constexpr double kPeople = 0.65;
  constexpr double kPerson = 0.6;
  constexpr double kPerhapsGrown = 0.35;
  if (SurePhrase several = surest(several_people(), *this); !several.text.empty()) return several;
  const double people = of("people");
  SurePhrase one = surest(one_person(), *this);
  // Of somebody who may be grown up nobody says the age.
  const bool is_grown = one.text == "a man" || one.text == "a woman";
  if (!is_grown && std::max(of("man"), of("woman")) >= kPerhapsGrown) one = {};
  if (!one.text.empty() && (people < kPeople || people < one.support)) return one;
  if (people >= kPeople) return {"people", people};
  return of("person") >= kPerson ? SurePhrase{"a person", of("person")} : SurePhrase();
}

SurePhrase HeadWords::people_activity() const {
  return surest(people_activities(), *this);
}

SurePhrase HeadWords::animal_activity() const {
  return surest(animal_activities(), *this);
}

SurePhrase HeadWords::thing(bool beside_people) const {
  SurePhrase found = surest(things(), *this);
  return found.text.empty() && beside_people ? surest(things_beside_people(), *this) : found;
}

SurePhrase HeadWords::dog_colour() const {
  constexpr double kOne = 0.7;
  SurePhrase colour;
  for (const char* name : {"black", "brown", "white"}) {
    if (of(name) < kOne) continue;
    colour.support = colour.text.empty() ? of(name) : std::min(colour.support, of(name));
    colour.text += colour.text.empty() ? name : std::string(" and ") + name;
  }
  const bool has_three = std::count(colour.text.begin(), colour.text.end(), ' ') > 2;
  return has_three ? SurePhrase() : colour;
}

SurePhrase HeadWords::surroundings() const {
  // Who swims is in the water, not beside it.
  const SurePhrase water = surest(in_water(), *this);
  return water.text.empty() ? surest(settings(), *this) : water;
}

std::vector<SurePhrase> HeadWords::scenery(const std::string& place) const {
  std::vector<Judged> found = fulfilled(sceneries(), *this);
  std::stable_sort(found.begin(), found.end(),
                   [](const Judged& a, const Judged& b) { return a.support > b.support; });
  std::vector<SurePhrase> phrases;
  for (const Judged& each : found) {
    const std::string& word = each.rule->phrase;
    const bool is_named = place.find(word.substr(0, word.size() - 1)) != std::string::npos;
    if (!is_named && phrases.size() < 2) phrases.push_back({word, each.support});
  }
  return phrases;
}

}  // namespace kiloword
