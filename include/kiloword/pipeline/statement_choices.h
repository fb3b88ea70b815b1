#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/pipeline/captioner.h"

namespace kiloword {

/// How statements are chosen, as the command line's options and a request's fields say it.
struct StatementChoices {
  std::vector<std::string> labels;  ///< sets or groups; empty: those that the model or the server names
  int top_k = 3;
  int per_set = 1;
  std::string rank = "calibrated";
  std::optional<double> min_confidence;
  std::string author;
  bool explain = false;
  std::string typographic = "off";  ///< what becomes of statements that stand on words in the picture
  std::string read_text = "off";    ///< when words in the picture are read
  std::string text_language = "eng";
  int read_text_ms = 3000;  ///< for one image
  FrameChoice frames;       ///< of videos and animations
};

/// What reads the words of images as `choices` ask; nothing where they are not read. Throws Error(kUsage) for
/// an unknown mode.
std::shared_ptr<const TextReader> text_reader(const StatementChoices& choices);

/// What `choices` ask of a captioner with the model called `model_name`. Throws Error(kUsage) for an unknown
/// rank.
CaptionerOptions captioner_options(const StatementChoices& choices, const std::string& model_name);

}  // namespace kiloword
