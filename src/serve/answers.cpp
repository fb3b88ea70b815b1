// The answers of Service that need the networks.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "kiloword/base/utf8.h"
#include "kiloword/caption/sentence.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/pipeline/captioner.h"
#include "kiloword/pipeline/score_texts.h"
#include "kiloword/pipeline/statement_choices.h"
#include "kiloword/scoring/similarity.h"
#include "kiloword/serve/refusal.h"
#include "kiloword/serve/service.h"
#include "serve/replies.h"

namespace kiloword {
namespace {

/// The record of a failed input; what to do about it, which records do not carry, is in a header.
ServiceReply failed_reply(const std::string& path, const Error& error) {
  ServiceReply reply = json_reply(error_json(path, error), status_of(error));
  if (!error.remedy().empty()) reply.headers.emplace_back("Kiloword-Remedy", printable(error.remedy()));
  return reply;
}

template <typename Record>
ServiceReply record_reply(const Record& record) {
  return record.error ? failed_reply(record.path, *record.error) : json_reply(to_json(record));
}

/// Ends the search: nobody waits for the rest.
[[noreturn]] void give_up() {
  throw Refusal(499, ErrorKind::kInternal, "the client is gone");
}

/// The part of `settled` that no later token changes: up to its last word.
std::string settled_words(const std::string& settled) {
  return neutralize(settled.substr(0, std::min(settled.rfind(' '), settled.size())));
}

/// Sends the end of a stream: what `write` gives, or the error that it throws, as an event.
template <typename Write>
void send_guarded(const SendPiece& send, const std::string& event, Write write) {
  try {
    write();
  } catch (const Error& error) {
    send(server_sent_event(event, error_body(error)));
  } catch (const std::exception&) {
    send(server_sent_event(event, error_body(Error(ErrorKind::kInternal, "internal error"))));
  }
}

}  // namespace

/// A description that can begin: everything but the turn.
struct Service::Writing {
  PreparedImage image;
  std::shared_ptr<const OutputRules> rules;
  std::shared_ptr<const GuidedDecoder> decoder;  ///< null: the image has an error
};

CaptionRecord Service::caption_record(CaptionRequest&& request, Deadline deadline) {
  const std::shared_ptr<const LabelBank> bank = labels_.find(request.choices.labels, deadline);
  EncodedImage encoded = images_.encode(std::move(request.name), std::move(request.image), deadline);
  const Captioner captioner(*models_.encoder, *bank, captioner_options(request.choices, models_.model_name));
  if (encoded.image.error) return captioner.caption(encoded.image);
  return captioner.caption(encoded.image, encoded.embedding);
}

ServiceReply Service::caption(RequestBody&& request) {
  return record_reply(caption_record(
      parse_caption_request(std::move(request), options_.captions, options_.limits), deadline()));
}

Service::Writing Service::begin_writing(DescribeRequest&& request, Deadline deadline) {
  if (models_.language_model == nullptr) {
    throw Refusal(404, ErrorKind::kUsage, "this server has no language model", "",
                  "start kiloword serve with --lm");
  }
  Writing writing;
  writing.rules = std::make_shared<const OutputRules>(request.rules);
  writing.image = images_.prepare(std::move(request.name), std::move(request.image), deadline);
  if (writing.image.error) return writing;
  const FairTurns::Turn turn(text_turns_, deadline);
  GuidedOptions options =
      guided_options(request.choices, models_.prompt, models_.language_model->vocab_size());
  options.tokens = std::min(options.tokens, options_.limits.max_tokens);
  writing.decoder = std::make_shared<const GuidedDecoder>(*models_.language_model, *writing.rules,
                                                          std::move(options), models_.encoder->logit_scale());
  return writing;
}

DescriptionRecord Service::write(const Writing& writing, Deadline deadline,
                                 const std::function<bool()>& client_waits, const SearchObserver& see) {
  FairTurns::Turn turn(text_turns_, deadline);
  const Describer describer(*models_.encoder, *writing.decoder, nullptr,
                            {models_.model_name, models_.language_model_name});
  return describer.describe(writing.image, [&](const SearchView& view) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw Refusal(504, ErrorKind::kBusy, "the time for this request is over", "", "ask for fewer tokens");
    }
    turn.give_way([&] {
      if (!client_waits()) give_up();
      if (see) see(view);
    });
  });
}

ServiceReply Service::describe(const ServiceHead& head, RequestBody&& request,
                               const std::function<bool()>& client_waits) {
  const Deadline end = deadline();
  DescribeRequest parsed = parse_describe_request(std::move(request), options_.limits);
  const bool streamed = parsed.stream || head.accept.find("text/event-stream") != std::string::npos;
  Writing writing = begin_writing(std::move(parsed), end);
  if (writing.image.error) {
    return failed_reply(writing.image.path, *writing.image.error);
  }
  if (!streamed) return record_reply(write(writing, end, client_waits, {}));
  ServiceReply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.stream = [this, writing = std::move(writing), end, client_waits](const SendPiece& send) {
    send_guarded(send, "error", [&] {
      const DescriptionRecord record = write(writing, end, client_waits, [&send](const SearchView& view) {
        if (!send(server_sent_event("token", step_json(view)))) give_up();
      });
      send(server_sent_event(record.error ? "error" : "record", to_json(record)));
    });
  };
  return reply;
}

ServiceReply Service::run(RequestBody&& request) {
  const StatementChoices choices =
      parse_caption_choices(std::move(request), options_.captions, options_.limits);
  const std::shared_ptr<const LabelBank> bank = labels_.find(choices.labels, deadline());
  const Captioner captioner(*models_.encoder, *bank, captioner_options(choices, models_.model_name));
  const FairTurns::Turn turn(text_turns_, deadline());  // the first fingerprint reads all weights
  nlohmann::ordered_json json;
  json["run"] = captioner.fingerprint(options_.decoding);
  return json_reply(dump_line(json));
}

ServiceReply Service::score(RequestBody&& request) {
  const Deadline end = deadline();
  ScoreRequest parsed = parse_score_request(std::move(request), options_.limits);
  const EncodedImage encoded = images_.encode(std::move(parsed.name), std::move(parsed.image), end);
  const PreparedImage& image = encoded.image;
  if (image.error) return failed_reply(image.path, *image.error);
  const FairTurns::Turn turn(text_turns_, end);
  const Embeddings texts = models_.encoder->encode_texts(parsed.texts);
  const std::vector<TextScore> scores =
      score_texts(parsed.texts, cosines(encoded.embedding.row(0), texts),
                  {models_.encoder->logit_scale(), models_.encoder->logit_bias()});
  return json_reply(score_json(image.path, scores, image.width, image.height, models_.model_name, image.ms));
}

ServiceReply Service::embed(RequestBody&& request) {
  const Deadline end = deadline();
  EmbedRequest parsed = parse_embed_request(std::move(request), options_.limits);
  const auto dim = static_cast<size_t>(models_.encoder->embedding_dim());
  if (parsed.texts.empty()) {
    const EncodedImage encoded = images_.encode(std::move(parsed.name), std::move(parsed.image), end);
    if (encoded.image.error) return failed_reply(encoded.image.path, *encoded.image.error);
    return json_reply(embedding_json("path", encoded.image.path, encoded.embedding.row(0), dim));
  }
  const FairTurns::Turn turn(text_turns_, end);
  const Embeddings texts = models_.encoder->encode_texts(parsed.texts);
  ServiceReply reply;
  reply.content_type = "application/x-ndjson";
  for (size_t i = 0; i < parsed.texts.size(); ++i) {
    reply.body += embedding_json("text", parsed.texts[i], texts.row(static_cast<int64_t>(i)), dim) + "\n";
  }
  return reply;
}

ServiceReply Service::chat(RequestBody&& request, const std::function<bool()>& client_waits) {
  const Deadline end = deadline();
  ChatRequest parsed = parse_chat_request(std::move(request), options_.limits);
  const bool captions = parsed.model == "kiloword-caption" || models_.language_model == nullptr;
  const std::string model = captions ? "kiloword-caption" : "kiloword-describe";
  static std::atomic<uint64_t> number{0};
  const std::string id = "chatcmpl-" + std::to_string(++number);

  std::vector<std::string> texts;  // of captions, known before the answer begins
  std::vector<Writing> writings;
  for (std::string& image : parsed.images) {
    std::optional<Error> error;
    if (captions) {
      const CaptionRecord record = caption_record({std::move(image), "-", options_.captions}, end);
      error = record.error;
      texts.push_back(record.caption);
    } else {
      DescribeRequest one;
      one.image = std::move(image);
      one.choices.tokens = parsed.max_tokens;
      one.choices.seed = parsed.seed.value_or(0);
      writings.push_back(begin_writing(std::move(one), end));
      error = writings.back().image.error;
    }
    if (error) throw Error(*error);
  }

  // Writes everything; `say` gets it piece by piece as it becomes certain. Returns why it ended.
  auto write_all = [this, texts, writings, end, client_waits, limit = parsed.max_tokens](const SendPiece& say,
                                                                                         size_t& tokens) {
    bool cut = false;
    for (size_t i = 0; i < texts.size(); ++i) say((i > 0 ? "\n" : "") + texts[i]);
    for (size_t i = 0; i < writings.size(); ++i) {
      if (i > 0) say("\n");
      std::string said;
      const auto say_up_to = [&](const std::string& text) {
        if (text.size() <= said.size() || text.compare(0, said.size(), said) != 0) return true;
        const std::string piece = text.substr(said.size());
        said = text;
        return say(piece);
      };
      const DescriptionRecord record = write(writings[i], end, client_waits, [&](const SearchView& view) {
        if (!say_up_to(settled_words(view.settled))) give_up();
      });
      if (record.error) throw Error(*record.error);
      say_up_to(record.description);
      tokens += record.tokens.size();
      cut = cut || (limit && record.tokens.size() >= static_cast<size_t>(*limit));
    }
    return cut ? "length" : "stop";
  };

  if (!parsed.stream) {
    std::string text;
    size_t tokens = 0;
    const char* reason = write_all(
        [&text](std::string_view piece) {
          text += piece;
          return true;
        },
        tokens);
    return json_reply(chat_completion(id, model, text, reason, tokens));
  }
  ServiceReply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.stream = [write_all, id, model](const SendPiece& send) {
    send_guarded(send, "", [&] {
      const auto say = [&](std::string_view piece) {
        return send(server_sent_event("", chat_chunk(id, model, std::string(piece), nullptr)));
      };
      size_t tokens = 0;
      const char* reason = write_all(say, tokens);
      send(server_sent_event("", chat_chunk(id, model, "", reason)));
      send("data: [DONE]\n\n");
    });
  };
  return reply;
}

}  // namespace kiloword
