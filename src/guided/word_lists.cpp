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
      "a an the this that these its their and or with without in on at of to from by for into onto over "
      "under up "
      "down off out through along around across behind beside beneath between among near next against above "
      "below toward towards past inside outside is are be being as while where which who it there one s "
      "top side sides front back middle edge end part background foreground left right other each together "
      "image photo photograph picture close view shot scene showing shows shown seen");
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

const std::vector<std::string_view>& skin_colours() {
  static const std::vector<std::string_view> kWords = sorted_words("black brown pale red tan white yellow");
  return kWords;
}

}  // namespace kiloword
