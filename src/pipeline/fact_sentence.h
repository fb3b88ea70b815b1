#pragma once

#include <string>
#include <vector>

#include "kiloword/pipeline/pixel_facts.h"

namespace kiloword {

/// What is sure of an image, as a sentence may say it; empty: it is not known.
struct SureFacts {
  std::string medium;                ///< "a drawing"; none for photos
  std::string people;                ///< "a man", "two women", "people"
  std::string object;                ///< "a dog"
  std::string action;                ///< "running", of people or animals
  std::string place;                 ///< "a beach", "an indoor scene"
  std::string place_phrase;          ///< "on a beach", "indoors"
  std::string surroundings;          ///< "in the snow": where no place is known
  std::vector<std::string> scenery;  ///< "water", "trees"
  bool object_acts = false;          ///< the object is an animal
  bool nobody = false;               ///< surely without people
  PixelFacts pixels;
};

/// "A dog running on a beach.", "A black and white photo of an accordion on a white background."; empty where
/// nothing is known.
std::string fact_sentence(const SureFacts& facts);

/// Where something is that is at the place `name`, which reads `place` with its article and is a kind of
/// `kinds`: "on a beach", "by a church", "outdoors".
std::string place_phrase(const std::string& name, const std::string& place,
                         const std::vector<std::string>& kinds);

}  // namespace kiloword
