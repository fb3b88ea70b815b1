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

/// Thresholds of the facts of an image. Chosen on Flickr8k dev and on training photos of Caltech-101
/// and MiniPlaces (docs/guided.md).
struct FactThresholds {
  double written_word = 0.55;         ///< of a word in guided texts
  double sentence = 0.6;              ///< of the least supported word of a guided text that is taken
  double object = 0.9;                ///< confidence of the name of a kind of objects
  double exact_object = 0.93;         ///< confidence of the most exact name of an object
  double place = 0.75;                ///< confidence of a place's name
  double vague_place = 0.7;           ///< confidence of "indoors", "outdoors" and the like
  double furniture_of_room = 0.5;     ///< confidence of furniture where the place is indoors
  double medium = 0.8;                ///< confidence of a medium
  double person_beside_thing = 0.97;  ///< probability of people beside a thing on a plain background
  double nobody = 0.005;              ///< probability of people up to which a landscape has none
  double kind_mass = 0.12;  ///< of all animals or vehicles among the objects, before the word head names one
};

/// The facts of one image.
struct ImageFacts {
  WordSupport words;
  std::optional<std::string> main_fact;      ///< to be named in a description; none: no fact
  std::string sentence;                      ///< of the facts; empty: there are none
  std::vector<WordEvidence> sentence_words;  ///< of `sentence`
  std::vector<std::string> statements;       ///< of the label sets, as captions have them
};

/// Whether images have facts at all: the model has a word head, or a set a calibration.
bool knows_facts(const ImageTextEncoder& encoder, const LabelBank& bank);

/// Finds the facts of images: by label sets, by the model's word head where it has one, by pixels.
class FactFinder {
 public:
  /// Both must outlive this.
  FactFinder(const ImageTextEncoder& encoder, const LabelBank& bank, FactThresholds thresholds = {});

  const FactThresholds& thresholds() const { return thresholds_; }

  /// `image`: [1, D], as the encoder gives it.
  ImageFacts find(const Embeddings& image, const PixelFacts& pixels) const;

 private:
  const ImageTextEncoder& encoder_;
  const LabelBank& bank_;
  std::vector<SelectionRules> rules_;
  FactThresholds thresholds_;
};

}  // namespace kiloword
