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
  int max_beams = 20;            ///< beam width
  int max_found = 1000;          ///< results of a search
  int max_thumbnail_px = 512;    ///< of the longer side of a thumbnail
  size_t max_text_bytes = 2000;  ///< of a prompt, a name or a phrase
  size_t max_values = 100;       ///< of a list: label sets, phrases
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
  std::string image;  ///< empty if there are texts
  std::string name = "-";
  std::vector<std::string> texts;
};

/// A query for the server's indexes.
struct SearchRequest {
  std::string image;                 ///< empty: none
  std::vector<std::string> texts;    ///< added to the image
  std::vector<std::string> without;  ///< subtracted
  SearchChoices choices;
  int thumbnail_px = 0;  ///< longer side; 0: no thumbnails
};

/// A request in the format of OpenAI's chat completions API.
struct ChatRequest {
  std::vector<std::string> images;  ///< file contents, from the last message with images
  std::string model;                ///< the name that the client uses
  bool stream = false;
  bool include_usage = false;     ///< whether to end a stream with token counts
  std::vector<std::string> stop;  ///< stop sequences; the text ends before them
  std::optional<int> max_tokens;
  std::optional<uint64_t> seed;
};

/// The image and the options of a request. The body is `multipart/form-data` with a part `image` or `file`,
/// `application/json` with the image as base64 or data URL in `image`, or, for any other type, the image
/// itself with options in the query. Options are named like those of the command line, with `_` for `-`.
/// Consumes `request`. Throws Error(kUsage) for unknown, missing, out-of-range or malformed options.
CaptionRequest parse_caption_request(RequestBody&& request, const StatementChoices& defaults,
                                     const RequestLimits& limits);
/// The same for a request with caption options only.
StatementChoices parse_caption_choices(RequestBody&& request, const StatementChoices& defaults,
                                       const RequestLimits& limits);
DescribeRequest parse_describe_request(RequestBody&& request, const RequestLimits& limits);
ScoreRequest parse_score_request(RequestBody&& request, const RequestLimits& limits);
EmbedRequest parse_embed_request(RequestBody&& request, const RequestLimits& limits);
SearchRequest parse_search_request(RequestBody&& request, const RequestLimits& limits);

/// Images are data URLs in `image_url` parts. Other parts and messages are ignored, as are parameters that
/// only affect a language model's sampling. Throws Error(kUsage) if there is no image, if an image would have
/// to be fetched, or if the client asks for another kind of answer: several choices, tools, JSON or
/// log-probabilities.
ChatRequest parse_chat_request(RequestBody&& request, const RequestLimits& limits);

}  // namespace kiloword
