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
      {"waterside", "by the water"}, {"open ground", "outdoors"}, {"street or road", "on a road"},
      {"building", "outdoors"},      {"landscape", "outdoors"}};
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

/// Of what is outdoors.
std::string sky(const SureFacts& facts) {
  if (!facts.is_outdoors) return "";
  switch (facts.pixels.sky) {
    case PixelFacts::Sky::kBlue:
      return " under a blue sky";
    case PixelFacts::Sky::kNight:
      return " at night";
    case PixelFacts::Sky::kAny:
      break;
  }
  return "";
}

std::string with_setting(std::string text, const SureFacts& facts) {
  const std::string plain = background(facts.pixels.background);
  if (!plain.empty()) return text + plain;
  const bool by_surroundings =
      !facts.surroundings.empty() && (facts.place_phrase.empty() || facts.place_is_vague);
  const std::string& setting = by_surroundings ? facts.surroundings : facts.place_phrase;
  if (setting == "outdoors" && !sky(facts).empty()) return text + sky(facts);
  return (setting.empty() ? text : text + " " + setting) + sky(facts);
}

/// "a dog", or "a black dog" with a colour.
std::string coloured(const SureFacts& facts) {
  const size_t article = facts.object.find(' ');
  if (facts.colour.empty() || article == std::string::npos) return facts.object;
  return "a " + facts.colour + facts.object.substr(article);
}

/// Whether what people do names the object already: "riding a bicycle", "playing football".
bool names_object(const SureFacts& facts) {
  const std::string noun = facts.object.substr(facts.object.rfind(' ') + 1);
  return facts.activity.find(noun) != std::string::npos ||
         (noun == "ball" && facts.activity.compare(0, 7, "playing") == 0);
}

/// What is in the image and where, without a capital and a full stop.
std::string contents(const SureFacts& facts) {
  const std::string activity = facts.activity.empty() ? "" : " " + facts.activity;
  if (!facts.people.empty()) {
    std::string text = facts.people + activity;
    const bool has_object = !facts.object.empty() && !names_object(facts);
    if (has_object) text += (facts.object_is_worn ? " wearing " : " with ") + coloured(facts);
    return with_setting(std::move(text), facts);
  }
  if (!facts.object.empty()) return with_setting(coloured(facts) + activity, facts);
  if (facts.place.empty()) return "";
  if (!facts.scenery.empty()) return facts.place + " with " + joined(facts.scenery) + sky(facts);
  return (facts.nobody ? facts.place + " without people" : facts.place) + sky(facts);
}

}  // namespace

bool is_vague_place(const std::string& name) {
  return adverbs().count(name) > 0 && name != "street or road" && name != "building";
}

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
