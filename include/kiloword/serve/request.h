#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/guided/options.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/pipeline/statement_choices.h"
#include "kiloword/search/search_choices.h"

namespace kiloword {

using QueryFields = std::vector<std::pair<std::string, std::string>>;

/// The content of a client's request.
struct RequestBody {
  std::string content_type;
  QueryFields query;
  std::string body;
};

/// Limits of one request.
struct RequestLimits {
  int max_tokens = 200;          ///< of a description
  int max_candidates = 5000;     ///< for the next token
  int max_beams = 20;            ///< followed at the same time
  int max_found = 1000;          ///< images that a search finds
  int max_thumbnail_px = 512;    ///< of the longer side of a thumbnail
  size_t max_text_bytes = 2000;  ///< of a prompt, a name, a phrase
  size_t max_values = 100;       ///< label sets, phrases
};

struct CaptionRequest {
  std::string image;       ///< file content
  std::string name = "-";  ///< the record's path; never opened
  StatementChoices choices;
};

struct DescribeRequest {
  std::string image;
  std::string name = "-";
  GuidedChoices choices;
  OutputRuleOptions rules;
  bool stream = false;
};

struct ScoreRequest {
  std::string image;
  std::string name = "-";
  std::vector<std::string> texts;
};

/// An image or texts to embed.
struct EmbedRequest {
  std::string image;  ///< empty where there are texts
  std::string name = "-";
  std::vector<std::string> texts;
};

/// A query for the server's indexes.
struct SearchRequest {
  std::string image;                 ///< empty: none
  std::vector<std::string> texts;    ///< added up with the image
  std::vector<std::string> without;  ///< taken away
  SearchChoices choices;
  int thumbnail_px = 0;  ///< of the longer side; 0: no thumbnails
};

/// A request in the shape of OpenAI's chat completions.
struct ChatRequest {
  std::vector<std::string> images;  ///< file contents, of the last message that holds any
  std::string model;                ///< as the client calls it
  bool stream = false;
  bool include_usage = false;     ///< at the end of a stream
  std::vector<std::string> stop;  ///< sequences that end the text before them
  std::optional<int> max_tokens;
  std::optional<uint64_t> seed;
};

/// The image and the options of a body: the image itself (any type but the two that follow), with options in
/// the query; `multipart/form-data` with a part `image` or `file`; or `application/json` with the image as
/// base64 or data URL in `image`. Options are called as the command line's, with `_` for `-`. Takes `request`
/// apart. Throws Error(kUsage) for unknown, missing, out-of-range or malformed options.
CaptionRequest parse_caption_request(RequestBody&& request, const StatementChoices& defaults,
                                     const RequestLimits& limits);
/// The options of a caption alone.
StatementChoices parse_caption_choices(RequestBody&& request, const StatementChoices& defaults,
                                       const RequestLimits& limits);
DescribeRequest parse_describe_request(RequestBody&& request, const RequestLimits& limits);
ScoreRequest parse_score_request(RequestBody&& request, const RequestLimits& limits);
EmbedRequest parse_embed_request(RequestBody&& request, const RequestLimits& limits);
SearchRequest parse_search_request(RequestBody&& request, const RequestLimits& limits);

/// Images are data URLs in `image_url` parts; other parts and messages are not looked at, nor are parameters
/// that only shape a language model's sampling. Throws Error(kUsage) when there is no image, one would have
/// to be fetched, or the client asks for another kind of answer: several choices, tools, JSON,
/// log-probabilities.
ChatRequest parse_chat_request(RequestBody&& request, const RequestLimits& limits);

}  // namespace kiloword
