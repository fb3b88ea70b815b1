#pragma once

#include <string>
#include <vector>

#include "kiloword/pipeline/pixel_facts.h"

namespace kiloword {

/// What is sure of an image, as a sentence may say it; empty: it is not known.
struct SureFacts {
  std::string medium;                ///< "a drawing"; none for photos
  std::string people;                ///< "a man", "people"
  std::string object;                ///< "a dog"
  std::string colour;                ///< of the object: "black and white"
  std::string activity;              ///< "running", "riding a bicycle": of the people, else of the object
  std::string place;                 ///< "a beach", "an indoor scene"
  std::string place_phrase;          ///< "on a beach", "indoors"
  std::string surroundings;          ///< "in the snow"
  std::vector<std::string> scenery;  ///< "water", "trees": of a place without people and objects
  bool place_is_vague = false;       ///< the place is indoors, outdoors or in nature: surroundings say more
  bool object_is_worn = false;       ///< the object is clothing
  bool is_outdoors = false;          ///< what is dark or blue above is the sky
  bool nobody = false;               ///< surely without people
  PixelFacts pixels;
};

/// "A dog running on a beach.", "A black and white photo of an accordion on a white background."; empty where
/// nothing is known.
std::string fact_sentence(const SureFacts& facts);

/// Whether the place `name` is indoors, outdoors or in nature and no more.
bool is_vague_place(const std::string& name);

/// Where something is that is at the place `name`, which reads `place` with its article and is a kind of
/// `kinds`: "on a beach", "by a church", "outdoors".
std::string place_phrase(const std::string& name, const std::string& place,
                         const std::vector<std::string>& kinds);

}  // namespace kiloword
