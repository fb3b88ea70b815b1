#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/guided/word_support.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/pixel_facts.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// Thresholds for the facts of an image, tuned on Flickr8k dev and on training photos of Caltech-101 and
/// MiniPlaces (docs/guided.md).
struct FactThresholds {
  double written_word = 0.55;         ///< support of a word in guided texts
  double sentence = 0.6;              ///< support of every word of an accepted guided text
  double object = 0.9;                ///< confidence of a kind of object
  double exact_object = 0.93;         ///< confidence of an object's most specific name
  double place = 0.75;                ///< confidence of a place
  double vague_place = 0.7;           ///< confidence of "indoors", "outdoors" and similar
  double furniture_of_room = 0.5;     ///< confidence of furniture if the place is indoors
  double medium = 0.8;                ///< confidence of a medium
  double person_beside_thing = 0.97;  ///< probability of people next to an object on a plain background
  double nobody = 0.005;              ///< maximum probability of people in an empty landscape
  double kind_mass = 0.12;  ///< minimum sum over animals, or vehicles, for the word head to name one
};

/// The facts of one image.
struct ImageFacts {
  WordSupport words;
  std::optional<std::string> main_fact;      ///< a description must name it; none: no fact
  std::string sentence;                      ///< stating the facts; empty if there are none
  std::vector<WordEvidence> sentence_words;  ///< of `sentence`
  std::vector<std::string> statements;       ///< of the label sets, as in captions
};

/// Whether facts can be found at all: the model has a word head, or a set has a calibration.
bool knows_facts(const ImageTextEncoder& encoder, const LabelBank& bank);

/// Finds the facts of images from label sets, the model's word head, if any, and pixels.
class FactFinder {
 public:
  /// Both references must outlive this object.
  FactFinder(const ImageTextEncoder& encoder, const LabelBank& bank, FactThresholds thresholds = {});

  const FactThresholds& thresholds() const { return thresholds_; }

  /// `image`: [1, D], as the encoder returns it.
  ImageFacts find(const Embeddings& image, const PixelFacts& pixels) const;

 private:
  const ImageTextEncoder& encoder_;
  const LabelBank& bank_;
  std::vector<SelectionRules> rules_;
  FactThresholds thresholds_;
};

}  // namespace kiloword
