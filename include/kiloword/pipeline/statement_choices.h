#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// How statements are selected: the command line's options and a request's fields.
struct StatementChoices {
  std::vector<std::string> labels;  ///< sets or groups; empty: the defaults of the model or the server
  int top_k = 3;
  int per_set = 1;
  std::string rank = "calibrated";
  std::optional<double> min_confidence;
  std::string author;
  bool explain = false;
  std::string typographic = "off";  ///< the policy for statements that depend on words in the image
  std::string read_text = "off";    ///< when words in the image are read
  std::string text_language = "eng";
  int read_text_ms = 3000;      ///< for one image
  std::optional<int> frames;    ///< of a video or an animation; none: 4 of a video, the first of an animation
  std::optional<double> every;  ///< seconds from frame to frame instead
  bool shots = false;           ///< a frame of each shot instead
};

}  // namespace kiloword
