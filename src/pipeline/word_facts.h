#pragma once

#include <map>
#include <string>
#include <vector>

namespace kiloword {

/// A part of a sentence of facts; an empty text: nothing is sure.
struct SurePhrase {
  std::string text;
  double support = 0;  ///< of its content words, 0..1
};

/// The words of a word head with their probabilities for one image. Each phrase has a threshold of its own:
/// from it on at least four of five photos of Flickr8k dev have captions that say so.
class HeadWords {
 public:
  void set(const std::string& word, double probability) { probabilities_[word] = probability; }
  bool empty() const { return probabilities_.empty(); }
  const std::map<std::string, double>& all() const { return probabilities_; }
  /// 0 for words that the head does not know.
  double of(const std::string& word) const;

  /// "a man", "children", "people".
  SurePhrase people() const;
  /// What people do: "riding a bicycle", "playing soccer".
  SurePhrase people_activity() const;
  /// What an animal does.
  SurePhrase animal_activity() const;
  /// The animal, vehicle or thing that is there, with its article; failing those, beside people, what
  /// they hold or wear.
  SurePhrase thing(bool beside_people) const;
  /// Of a dog: "black", "brown and white".
  SurePhrase dog_colour() const;
  /// "in the snow", "by the water".
  SurePhrase surroundings() const;
  /// What is seen at a place outdoors, at most two, none that `place` names: "water", "trees".
  std::vector<SurePhrase> scenery(const std::string& place) const;

 private:
  std::map<std::string, double> probabilities_;
};

}  // namespace kiloword
