#include "guided/word_lists.h"

#include <algorithm>

namespace kiloword {
namespace {

std::vector<std::string_view> sorted_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

const std::vector<std::string_view>& function_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "a an the their its and with without in on at of to from by over under up down off out through along "
      "around "
      "across behind beside near next into onto against is are while top front background s");
  return kWords;
}

const std::vector<std::string_view>& plain_function_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "a an the their its and with in on at of to from by over up down through along across near into onto "
      "is are while");
  return kWords;
}

const std::vector<std::string_view>& countable_nouns() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "man woman boy girl child person kid guy lady baby toddler couple crowd player adult skateboarder "
      "biker rider cyclist "
      "bicyclist climber hiker surfer skier snowboarder family group team dog horse bird animal cat puppy "
      "bike bicycle "
      "motorcycle car boat truck vehicle street beach field mountain hill lake pool forest park sidewalk "
      "road tree river "
      "building city wall path yard wave playground court bench fountain fence cliff pond stream trail track "
      "bridge lawn "
      "slope room window table house bed bar store ramp rail railing ball toy stick rope skateboard camera "
      "chair sign bag "
      "snowboard surfboard pole shirt jacket hat helmet dress coat suit uniform cap costume vest skirt "
      "sweater sweatshirt "
      "jersey backpack outfit leash collar landscape shore swing slide");
  return kWords;
}

const std::vector<std::string_view>& uncountable_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "snow grass water sand ice dirt mud furniture clothing gear concrete "
      "soccer football "
      "basketball baseball tennis hair food");
  return kWords;
}

const std::vector<std::string_view>& adverbs_of_place() {
  static const std::vector<std::string_view> kWords = sorted_words("outdoors indoors outside inside");
  return kWords;
}

const std::vector<std::string_view>& adjectives() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "white black brown red blue green yellow orange pink purple tan gray grey blonde blond colorful golden "
      "small little "
      "large big young old tall rocky snowy sandy grassy wooded wooden furry fluffy shirtless dressed "
      "crowded haired male "
      "female indoor outdoor");
  return kWords;
}

const std::vector<std::string_view>& people_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "person persons people man men woman women boy boys girl girls child children kid kids baby babies "
      "toddler "
      "toddlers guy guys lady ladies adult adults teenager teenagers couple couples crowd crowds player "
      "players "
      "friend friends family families team teams audience band skateboarder skateboarders biker bikers rider "
      "riders cyclist cyclists bicyclist climber climbers hiker hikers surfer surfers skier skiers "
      "snowboarder "
      "snowboarders dancer dancers swimmer runner runners male males female females somebody someone human "
      "humans bride groom boxer musician guitarist pedestrian pedestrians spectators performer performers");
  return kWords;
}

const std::vector<std::string_view>& judging_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "slum slums prison prisons prisoner prisoners jail jails cell criminal criminals thief thieves beggar "
      "beggars homeless poor ugly fat obese skinny stupid drunk drunken drunks junkie addict prostitute "
      "slave "
      "slaves terrorist terrorists gangster gangsters lazy dirty filthy sexy attractive unattractive "
      "handsome "
      "crazy insane retarded cripple crippled illegal savage primitive exotic oriental negro gypsy gypsies");
  return kWords;
}

const std::vector<std::string_view>& vague_words() {
  static const std::vector<std::string_view> kWords = sorted_words(
      "scene indoor outdoor indoors outdoors outside inside photo place space open nature landscape person "
      "people animal "
      "animals vehicle object ground background wearing playing standing one big small little young");
  return kWords;
}

const std::vector<std::string_view>& skin_colours() {
  static const std::vector<std::string_view> kWords = sorted_words("black brown pale red tan white yellow");
  return kWords;
}

}  // namespace kiloword
