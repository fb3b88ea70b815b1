#include "pipeline/fact_sentence.h"

#include <map>

namespace kiloword {
namespace {

/// Prepositions of places of label sets, by name or kind; "in" for all others.
const std::map<std::string, std::string>& prepositions() {
  static const std::map<std::string, std::string> kTable{
      {"airport runway", "on"},
      {"baseball field", "on"},
      {"beach", "on"},
      {"boat deck", "on"},
      {"bridge", "on"},
      {"building", "by"},
      {"campsite", "at"},
      {"cliff", "on"},
      {"coast", "on"},
      {"construction site", "at"},
      {"dam", "by"},
      {"dock", "at"},
      {"driveway", "on"},
      {"fountain", "by"},
      {"gas station", "at"},
      {"geyser", "by"},
      {"golf course", "on"},
      {"highway", "on"},
      {"iceberg", "by"},
      {"lakeshore", "on"},
      {"mountain", "on"},
      {"outdoor ice rink", "on"},
      {"outdoor market", "at"},
      {"outdoor swimming pool", "at"},
      {"parking lot", "in"},
      {"patio", "on"},
      {"phone booth", "at"},
      {"pier", "on"},
      {"playground", "on"},
      {"racecourse", "on"},
      {"railroad track", "on"},
      {"river", "by"},
      {"running track", "on"},
      {"sandbar", "on"},
      {"ski slope", "on"},
      {"sports ground", "on"},
      {"stage", "on"},
      {"staircase", "on"},
      {"street", "on"},
      {"street or road", "on"},
      {"subway platform", "on"},
      {"volcano", "by"},
      {"waterside", "at"},
      {"football stadium", "in"},
  };
  return kTable;
}

/// Kinds of places that are said by an adverb.
const std::map<std::string, std::string>& adverbs() {
  static const std::map<std::string, std::string> kTable{
      {"indoors", "indoors"},        {"outdoors", "outdoors"},    {"nature", "in nature"},
      {"waterside", "by the water"}, {"open ground", "outdoors"}, {"landscape", "in a landscape"}};
  return kTable;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string background(PixelFacts::Background background) {
  switch (background) {
    case PixelFacts::Background::kWhite:
      return " on a white background";
    case PixelFacts::Background::kBlack:
      return " on a black background";
    case PixelFacts::Background::kAny:
      break;
  }
  return "";
}

std::string with_setting(std::string text, const SureFacts& facts) {
  const std::string plain = background(facts.pixels.background);
  if (!plain.empty()) return text + plain;
  if (!facts.place_phrase.empty()) return text + " " + facts.place_phrase;
  return facts.surroundings.empty() ? text : text + " " + facts.surroundings;
}

/// What is in the image and where, without a capital and a full stop.
std::string contents(const SureFacts& facts) {
  const std::string action = facts.action.empty() ? "" : " " + facts.action;
  if (!facts.people.empty()) {
    std::string text = facts.people + action;
    if (!facts.object.empty()) text = facts.people + " with " + facts.object;
    return with_setting(std::move(text), facts);
  }
  if (!facts.object.empty()) return with_setting(facts.object + (facts.object_acts ? action : ""), facts);
  if (facts.place.empty()) return "";
  if (!facts.scenery.empty()) return facts.place + " with " + joined(facts.scenery);
  return facts.nobody ? facts.place + " without people" : facts.place;
}

}  // namespace

std::string place_phrase(const std::string& name, const std::string& place,
                         const std::vector<std::string>& kinds) {
  if (const auto adverb = adverbs().find(name); adverb != adverbs().end()) return adverb->second;
  std::vector<std::string> names{name};
  names.insert(names.end(), kinds.begin(), kinds.end());
  for (const std::string& each : names) {
    const auto found = prepositions().find(each);
    if (found != prepositions().end()) return found->second + " " + place;
  }
  return "in " + place;
}

std::string fact_sentence(const SureFacts& facts) {
  std::string text = contents(facts);
  std::string medium = facts.medium;
  if (medium.empty() && facts.pixels.is_grey && !text.empty()) medium = "a black and white photo";
  if (!medium.empty()) text = text.empty() ? medium : medium + " of " + text;
  if (text.empty()) return "";
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

}  // namespace kiloword
