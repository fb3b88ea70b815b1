#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// How statements are selected: options of the command line and fields of requests.
struct StatementChoices {
  std::vector<std::string> labels;  ///< sets or groups; empty: the defaults of the model or the server
  int top_k = 3;
  int per_set = 1;
  std::string rank = "calibrated";
  std::optional<double> min_confidence;
  std::string author;
  bool explain = false;
  std::string typographic = "off";  ///< the policy for statements that depend on text in the image
  std::string read_text = "off";    ///< when text in the image is read
  std::string text_language = "eng";
  int read_text_ms = 3000;      ///< maximum per image
  std::optional<int> frames;    ///< frames to caption; none: 4 of a video, the first of an animation
  std::optional<double> every;  ///< instead: seconds between frames
  bool shots = false;           ///< instead: one frame of each shot
};

}  // namespace kiloword
