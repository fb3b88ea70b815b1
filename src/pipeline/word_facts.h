#pragma once

#include <map>
#include <string>
#include <vector>

namespace kiloword {

/// A part of a sentence of facts; empty: nothing is certain enough.
struct SurePhrase {
  std::string text;
  double support = 0;  ///< of its content words, 0..1
};

/// The words of a word head with their probabilities for one image. Each phrase has its own threshold, above
/// which at least four of five photos of Flickr8k dev have captions that agree.
class HeadWords {
 public:
  void set(const std::string& word, double probability) { probabilities_[word] = probability; }
  bool empty() const { return probabilities_.empty(); }
  const std::map<std::string, double>& all() const { return probabilities_; }
  /// The probability of `word`; 0 if the head does not have it.
  double of(const std::string& word) const;

  /// "a man", "children", "people".
  SurePhrase people() const;
  /// Activities of people: "riding a bicycle", "playing soccer".
  SurePhrase people_activity() const;
  /// Activities of animals.
  SurePhrase animal_activity() const;
  /// An animal, vehicle or thing, with its article; if there is none and `beside_people`, something that
  /// people hold or wear.
  SurePhrase thing(bool beside_people) const;
  /// The colour of a dog: "black", "brown and white".
  SurePhrase dog_colour() const;
  /// "in the snow", "by the water".
  SurePhrase surroundings() const;
  /// At most two things seen outdoors that `place` does not name: "water", "trees".
  std::vector<SurePhrase> scenery(const std::string& place) const;

 private:
  std::map<std::string, double> probabilities_;
};

}  // namespace kiloword
