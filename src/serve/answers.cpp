// The answers of Service that need the networks.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "kiloword/base/ascii.h"
#include "kiloword/base/utf8.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/pipeline/image_facts.h"
#include "kiloword/pipeline/score_texts.h"
#include "kiloword/pipeline/statement_choices.h"
#include "kiloword/report/thumbnails.h"
#include "kiloword/scoring/cut_text.h"
#include "kiloword/scoring/similarity.h"
#include "kiloword/serve/refusal.h"
#include "kiloword/serve/service.h"
#include "serve/pending_description.h"
#include "serve/replies.h"

namespace kiloword {
namespace {

/// The record of a failed input; what to do about it, which records do not carry, is in a header.
ServiceReply failed_reply(const std::string& path, const Error& error) {
  ServiceReply reply = json_reply(error_json(path, error), status_of(error));
  if (!error.remedy().empty()) reply.headers.emplace_back("Kiloword-Remedy", printable(error.remedy()));
  return reply;
}

/// A record of a search, with its thumbnail if there is one.
std::string match_line(const FoundImage& found, size_t rank, const std::string& thumbnail) {
  std::string record = match_json(found.path, rank, {found.cosine, found.confidence});
  if (!thumbnail.empty()) {
    record.pop_back();  // the closing brace
    record += ",\"thumbnail\":\"" + thumbnail + "\"}";
  }
  return record + "\n";
}

/// The thumbnail of a file of the index as base64, or nothing. Members of archives have none: for each of
/// them an archive would be read.
std::string thumbnail_of(const FoundImage& found, int longer_px, const DecodeLimits& limits) {
  std::error_code failed;
  if (!found.is_inside || !std::filesystem::is_regular_file(found.path, failed)) return "";
  return thumbnail_base64({found.path, std::nullopt}, longer_px, limits);
}

template <typename Record>
ServiceReply record_reply(const Record& record) {
  return record.error ? failed_reply(record.path, *record.error) : json_reply(to_json(record));
}

}  // namespace

void give_up() {
  throw Refusal(499, ErrorKind::kInternal, "the client disconnected");
}

void send_guarded(const SendPiece& send, const std::string& event, const std::function<void()>& write) {
  try {
    write();
  } catch (const Error& error) {
    send(server_sent_event(event, error_body(error)));
  } catch (const std::exception&) {
    send(server_sent_event(event, error_body(Error(ErrorKind::kInternal, "internal error"))));
  }
}

CaptionPipeline Service::caption_pipeline(const StatementChoices& choices, const LabelBank& bank) const {
  CaptionPipelineOptions options = caption_pipeline_options(choices, parts_.models.model_name);
  options.reader = options_.reader;
  return {*parts_.models.encoder, bank, std::move(options)};
}

CaptionRecord Service::caption_record(CaptionRequest&& request, Deadline deadline) {
  const std::shared_ptr<const LabelBank> bank = parts_.labels->find(request.choices.labels, deadline);
  const CaptionPipeline captioner = caption_pipeline(request.choices, *bank);
  return captioner.caption(parts_.images->encode(std::move(request.name), std::move(request.image), deadline,
                                                 captioner.prepare_options()));
}

ServiceReply Service::caption(RequestBody&& request) {
  return record_reply(caption_record(
      parse_caption_request(std::move(request), options_.captions, options_.limits), deadline()));
}

bool Service::encoder_writes(const GuidedChoices& choices) const {
  const std::string engine = choices.engine.value_or(parts_.models.writer != nullptr ? "coca" : "lm");
  if (engine == "coca" && parts_.models.writer == nullptr) {
    throw Refusal(404, ErrorKind::kUsage, "this server has no decoder for descriptions", "engine",
                  "start kiloword serve with --engine coca");
  }
  if (engine == "lm" && parts_.models.language_model == nullptr) {
    throw Refusal(404, ErrorKind::kUsage, "this server has no language model", "",
                  "start kiloword serve with --lm");
  }
  const std::string reranker = parts_.models.reranker == nullptr ? "" : parts_.models.reranker->name();
  if (engine == "coca" && choices.rerank.value_or(reranker) != reranker) {
    throw Refusal(404, ErrorKind::kUsage, "this server has no model that picks descriptions", "rerank",
                  "start kiloword serve with --rerank");
  }
  return engine == "coca";
}

Service::PendingDescription Service::begin_description(DescribeRequest&& request, Deadline deadline) {
  const bool by_encoder = encoder_writes(request.choices);
  PendingDescription pending;
  pending.rules = std::make_shared<const OutputRules>(request.rules);
  pending.rule_options = request.rules;
  PrepareOptions prepare;
  if (by_encoder && parts_.models.reranker != nullptr) prepare.also_for = parts_.models.reranker->spec();
  pending.image =
      parts_.images->prepare(std::move(request.name), std::move(request.image), deadline, prepare);
  if (pending.image.error) return pending;
  const FairTurns::Turn turn(*parts_.text_turns, deadline);
  bool grounded = request.choices.ground != "off";
  if (by_encoder) {
    pending.search = std::make_shared<const BeamSearch>(*parts_.models.writer, *pending.rules,
                                                        beam_options(request.choices));
  } else {
    GuidedOptions options =
        guided_options(request.choices, parts_.models.prompt, parts_.models.language_model->vocab_size());
    options.tokens = std::min(options.tokens, options_.limits.max_tokens);
    grounded = is_grounded(options, request.choices.ground);
    pending.decoder =
        std::make_shared<const GuidedDecoder>(*parts_.models.language_model, *pending.rules,
                                              std::move(options), parts_.models.encoder->logit_multiplier());
  }
  if (grounded) {
    pending.bank = parts_.labels->find({}, deadline);  // the default sets, which wait for no turn
    if (knows_facts(*parts_.models.encoder, *pending.bank))
      pending.facts = std::make_shared<const FactFinder>(*parts_.models.encoder, *pending.bank);
  }
  return pending;
}

DescriptionRecord Service::write(const PendingDescription& pending, Deadline deadline,
                                 const std::function<bool()>& client_waits, const SearchObserver& see) {
  FairTurns::Turn turn(*parts_.text_turns, deadline);
  std::optional<GroundingParts> grounding;
  if (pending.facts) grounding.emplace(GroundingParts{*pending.facts, pending.rule_options});
  std::optional<RetrievalParts> retrieval;
  if (parts_.sentences != nullptr) retrieval.emplace(RetrievalParts{*parts_.sentences, *pending.rules});
  const DescriptionNames names{parts_.models.model_name, parts_.models.language_model_name};
  std::optional<DescriptionPipeline> describer;
  if (pending.search) {
    describer.emplace(*parts_.models.encoder, *pending.search, names, grounding, retrieval,
                      /*remembers_texts=*/false, parts_.models.reranker);
  } else {
    describer.emplace(*parts_.models.encoder, *pending.decoder, nullptr, names, grounding, retrieval);
  }
  return describer->describe(pending.image, [&](const SearchView& view) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw Refusal(504, ErrorKind::kBusy, "the time limit of this request has passed", "",
                    "ask for fewer tokens");
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
  const bool streamed =
      parsed.stream || ascii_lower(head.accept).find("text/event-stream") != std::string::npos;
  PendingDescription pending = begin_description(std::move(parsed), end);
  if (pending.image.error) {
    return failed_reply(pending.image.path, *pending.image.error);
  }
  if (!streamed) return record_reply(write(pending, end, client_waits, {}));
  ServiceReply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.stream = [this, pending = std::move(pending), end, client_waits](const SendPiece& send) {
    send_guarded(send, "error", [&] {
      const DescriptionRecord record = write(pending, end, client_waits, [&send](const SearchView& view) {
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
  const std::shared_ptr<const LabelBank> bank = parts_.labels->find(choices.labels, deadline());
  const CaptionPipeline captioner = caption_pipeline(choices, *bank);
  const FairTurns::Turn turn(*parts_.text_turns, deadline());  // the first fingerprint reads all weights
  nlohmann::ordered_json json;
  json["run"] = captioner.fingerprint(options_.decoding);
  return json_reply(dump_line(json));
}

ServiceReply Service::score(RequestBody&& request) {
  const Deadline end = deadline();
  ScoreRequest parsed = parse_score_request(std::move(request), options_.limits);
  const EncodedImage encoded = parts_.images->encode(std::move(parsed.name), std::move(parsed.image), end);
  const PreparedImage& image = encoded.image;
  if (image.error) return failed_reply(image.path, *image.error);
  const FairTurns::Turn turn(*parts_.text_turns, end);
  const Embeddings texts = parts_.models.encoder->encode_texts(parsed.texts);
  const std::vector<TextScore> scores =
      score_texts(parsed.texts, cosines(encoded.embedding.row(0), texts),
                  {parts_.models.encoder->logit_multiplier(), parts_.models.encoder->logit_bias()});
  return json_reply(score_json(image.path, scores, image.width, image.height, parts_.models.model_name,
                               image.ms, cut_text_warnings(*parts_.models.encoder, parsed.texts)));
}

ServiceReply Service::embed(RequestBody&& request) {
  const Deadline end = deadline();
  EmbedRequest parsed = parse_embed_request(std::move(request), options_.limits);
  const auto dim = static_cast<size_t>(parts_.models.encoder->embedding_dim());
  if (parsed.texts.empty()) {
    const EncodedImage encoded = parts_.images->encode(std::move(parsed.name), std::move(parsed.image), end);
    if (encoded.image.error) return failed_reply(encoded.image.path, *encoded.image.error);
    return json_reply(embedding_json("path", encoded.image.path, encoded.embedding.row(0), dim));
  }
  const FairTurns::Turn turn(*parts_.text_turns, end);
  const Embeddings texts = parts_.models.encoder->encode_texts(parsed.texts);
  ServiceReply reply;
  reply.content_type = "application/x-ndjson";
  for (size_t i = 0; i < parsed.texts.size(); ++i) {
    reply.body += embedding_json("text", parsed.texts[i], texts.row(static_cast<int64_t>(i)), dim,
                                 cut_text_warnings(*parts_.models.encoder, {parsed.texts[i]})) +
                  "\n";
  }
  return reply;
}

ServiceReply Service::search(RequestBody&& request) {
  if (parts_.search == nullptr) {
    throw Refusal(404, ErrorKind::kUsage, "this server has no index", "",
                  "start kiloword serve with --index");
  }
  const Deadline end = deadline();
  SearchRequest parsed = parse_search_request(std::move(request), options_.limits);
  ImageTextEncoder& encoder = *parts_.models.encoder;
  SearchQuery query(parsed.choices);
  query.threads = options_.search_threads;
  std::vector<WeightedEmbedding> terms;
  EncodedImage image;
  if (!parsed.image.empty()) {
    image = parts_.images->encode("-", std::move(parsed.image), end);
    if (image.image.error) return failed_reply(image.image.path, *image.image.error);
    terms.push_back({image.embedding.row(0)});
  }
  std::shared_ptr<const LabelBank> bank;
  std::optional<LabelMatcher> labels;
  if (!parsed.choices.shown.empty()) {
    bank = parts_.labels->find(parsed.choices.labels, end);
    labels.emplace(*bank, encoder, parsed.choices);
    query.labels = &*labels;
  }
  const FairTurns::Turn turn(*parts_.text_turns, end);  // a scan takes all cores, too
  std::vector<std::string> texts = parsed.texts;
  texts.insert(texts.end(), parsed.without.begin(), parsed.without.end());
  const Embeddings of_texts = texts.empty() ? Embeddings() : encoder.encode_texts(texts);
  for (size_t i = 0; i < texts.size(); ++i) {
    terms.push_back({of_texts.row(static_cast<int64_t>(i)), i < parsed.texts.size() ? 1.0F : -1.0F});
  }
  if (!terms.empty()) query.embedding = summed(terms, static_cast<size_t>(encoder.embedding_dim()));
  ServiceReply reply;
  reply.content_type = "application/x-ndjson";
  FoundImages result = parts_.search->current()->find(query);
  if (parsed.thumbnail_px > 0) {
    reply.stream = [this, images = std::move(result.images), px = parsed.thumbnail_px,
                    end](const SendPiece& send) { send_matches(images, px, end, send); };
    return reply;
  }
  for (size_t i = 0; i < result.images.size(); ++i) reply.body += match_line(result.images[i], i + 1, "");
  return reply;
}

void Service::send_matches(const std::vector<FoundImage>& images, int thumbnail_px, Deadline deadline,
                           const SendPiece& send) {
  for (size_t i = 0; i < images.size(); ++i) {
    std::string thumbnail;
    try {
      const FairTurns::Turn turn(*parts_.text_turns, deadline);  // one image at a time is in memory
      thumbnail = thumbnail_of(images[i], thumbnail_px, options_.decoding);
    } catch (const std::exception&) {
      // Without a turn, or without memory: the record alone.
    }
    if (!send(match_line(images[i], i + 1, thumbnail))) return;
  }
}

}  // namespace kiloword
