#pragma once

#include <string>
#include <vector>

#include "kiloword/pipeline/pixel_facts.h"

namespace kiloword {

/// Confident facts about an image, as parts of a sentence; empty: unknown.
struct SureFacts {
  std::string medium;                ///< "a drawing"; empty for photos
  std::string people;                ///< "a man", "people"
  std::string object;                ///< "a dog"
  std::string colour;                ///< of the object: "black and white"
  std::string activity;              ///< "running", "riding a bicycle": of the people, else of the object
  std::string place;                 ///< "a beach", "an indoor scene"
  std::string place_phrase;          ///< "on a beach", "indoors"
  std::string surroundings;          ///< "in the snow"
  std::vector<std::string> scenery;  ///< "water", "trees": of a place without people or objects
  bool place_is_vague = false;       ///< just indoors, outdoors or in nature: surroundings are more specific
  bool object_is_worn = false;       ///< the object is clothing
  bool is_outdoors = false;          ///< a dark or blue upper part is the sky
  bool nobody = false;               ///< confidently without people
  PixelFacts pixels;
};

/// "A dog running on a beach.", "A black and white photo of an accordion on a white background."; empty if
/// nothing is known.
std::string fact_sentence(const SureFacts& facts);

/// Whether the place `name` is just indoors, outdoors or in nature.
bool is_vague_place(const std::string& name);

/// A phrase for being at the place `name`: "on a beach", "by a church", "outdoors". `place` is the name with
/// its article, `kinds` are its hypernyms.
std::string place_phrase(const std::string& name, const std::string& place,
                         const std::vector<std::string>& kinds);

}  // namespace kiloword
