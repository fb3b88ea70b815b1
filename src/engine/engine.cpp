#include "kiloword/engine/engine.h"

#include <chrono>
#include <utility>

#include "engine/run_fingerprint.h"
#include "engine/shared_networks.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/engine/engine_parts.h"
#include "kiloword/guided/beam_search.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/guided/description_options.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/guided/scorer_process.h"
#include "kiloword/pipeline/caption_pipeline.h"
#include "kiloword/pipeline/description_pipeline.h"
#include "kiloword/pipeline/image_facts.h"
#include "kiloword/scoring/cut_text.h"

namespace kiloword {
namespace {

/// Networks below this size use one core for a call whatever they may: several calls at once use all. Larger
/// ones are faster with all cores in one call, unless there are many images.
constexpr uint64_t kManyCallsBytes = uint64_t{64} << 20U;

bool takes_many_calls(const LoadedModel& model) {
  uint64_t bytes = 0;
  for (const ModelFile& file : model.entry.files) bytes += file.size_bytes;
  return bytes > 0 && bytes < kManyCallsBytes && model.encoder->device() == "cpu";
}

EncodedImage encoded_alone(const EngineParts& parts, const ImageInput& input, PrepareOptions prepare) {
  EncodedImage encoded;
  prepare.fetch = parts.options.fetch;
  encoded.image = prepare_input(input, parts.encoder().preprocess(), parts.options.decoding, prepare);
  encode(parts.encoder(), {&encoded});
  return encoded;
}

/// Weights are laid out for the number of cores that they are loaded with, and another layout costs a fifth
/// of the speed.
ComputeOptions compute_options(const EngineOptions& options) {
  ComputeOptions compute = options.compute;
  if (options.many_images) compute.threads = 1;
  compute.many_images = options.many_images;
  return compute;
}

/// Whether calls of a network on `device` take turns.
bool takes_turns(const EngineOptions& options, const std::string& device) {
  return !options.many_images || device != "cpu";
}

LoadedModel open_shared_model(const EngineOptions& options, const std::string& name, Observer& observer) {
  LoadedModel model = open_model(name, compute_options(options), observer);
  const bool turns = takes_turns(options, model.encoder->device());  // arguments are evaluated in any order
  model.encoder = shared_encoder(std::move(model.encoder), turns);
  return model;
}

Embeddings embedding_of(const EngineParts& parts, const ImageInput& input) {
  EncodedImage encoded = encoded_alone(parts, input, {});
  if (encoded.image.error) throw Error(*encoded.image.error);
  return std::move(encoded.embedding);
}

}  // namespace

std::shared_ptr<const LabelBank> EngineParts::label_bank(const std::vector<std::string>& names, RankRule rule,
                                                         const EmbeddingLimits& limits) {
  const std::lock_guard<std::mutex> lock(observer_mutex_);
  std::shared_ptr<const LabelBank>& bank = banks_[{names, rule}];
  if (bank && bank->left_out().empty()) return bank;
  if (options.many_images) encoder().use_threads(options.compute.threads);
  bank = std::make_shared<const LabelBank>(open_label_bank(names, model, rule, observer, limits));
  if (options.many_images) encoder().use_threads(1);
  return bank;
}

DescriptionModel& EngineParts::description_model() const {
  if (DescriptionModel* writer = encoder().description_model()) return *writer;
  throw Error(ErrorKind::kUsage, "the model " + model.entry.name + " writes no descriptions", "--engine",
              "use a CoCa model (kiloword models list), or --engine lm");
}

std::shared_ptr<const LoadedModel> EngineParts::other_model(const std::string& name) {
  const std::lock_guard<std::mutex> lock(observer_mutex_);
  std::shared_ptr<const LoadedModel>& other = others_[name];
  if (!other) other = std::make_shared<const LoadedModel>(open_shared_model(options, name, observer));
  return other;
}

std::vector<std::string> EngineParts::warn_of_cut_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> warnings = cut_text_warnings(encoder(), texts);
  const std::lock_guard<std::mutex> lock(observer_mutex_);
  for (const std::string& warning : warnings) observer.warning(warning);
  return warnings;
}

EncodeOptions EngineParts::encoding(PrepareOptions prepare) const {
  EncodeOptions encoding;
  encoding.prepare = std::move(prepare);
  encoding.limits = options.decoding;
  encoding.queue.workers = thread_count(options.compute.threads);
  encoding.queue.memory_bytes = options.memory_bytes;
  encoding.prepare.fetch = options.fetch;
  if (!options.many_images && !takes_many_calls(model)) {
    encoding.queue.calls = 1;
    encoding.queue.images_per_call = 1;
  }
  return encoding;
}

struct Captioner::State {
  State(std::shared_ptr<EngineParts> engine, std::shared_ptr<const LabelBank> sets,
        CaptionPipelineOptions options)
      : parts(std::move(engine)),
        bank(std::move(sets)),
        pipeline(parts->encoder(), *bank, std::move(options)) {}

  std::shared_ptr<EngineParts> parts;
  std::shared_ptr<const LabelBank> bank;
  CaptionPipeline pipeline;
};

CaptionRecord Captioner::caption_file(const std::string& path) const {
  return state_->pipeline.caption(
      encoded_alone(*state_->parts, {path, std::nullopt, std::nullopt}, state_->pipeline.prepare_options()));
}

CaptionRecord Captioner::caption_bytes(std::string_view bytes, const std::string& name) const {
  return state_->pipeline.caption(encoded_alone(*state_->parts, {name, std::string(bytes), std::nullopt},
                                                state_->pipeline.prepare_options()));
}

void Captioner::caption_files(const std::vector<std::string>& paths,
                              const std::function<void(const CaptionRecord&)>& use) const {
  const EncodeOptions encoding = state_->parts->encoding(state_->pipeline.prepare_options());
  for_each_encoded_image(paths, state_->parts->encoder(), encoding,
                         [&](const EncodedImage& image) { use(state_->pipeline.caption(image)); });
}

std::string Captioner::fingerprint() const {
  return state_->pipeline.fingerprint(state_->parts->options.decoding);
}

const CaptionPipeline& Captioner::pipeline() const {
  return state_->pipeline;
}

struct Describer::State {
  State(std::shared_ptr<EngineParts> engine, const DescribeOptions& options)
      : parts(std::move(engine)), rules(options.rules), scorer(start_scorer(options)), choices(options) {
    bool grounded = options.search.ground != "off";
    if (DescriptionModel* writer = writer_of(*parts, options)) {
      search.emplace(*writer, rules, beam_options(options.search));
      if (options.search.rerank) {
        other_model = parts->other_model(*options.search.rerank);
        reranker.emplace(*other_model->encoder, other_model->entry.name);
      }
    } else {
      decoder.emplace(*parts->language_model.model, rules, search_options(*parts, options),
                      parts->encoder().logit_multiplier());
      grounded = is_grounded(decoder->options(), options.search.ground);
    }
    std::optional<GroundingParts> grounding;
    if (grounded) {
      bank = parts->label_bank({}, RankRule::kCalibrated);
      if (knows_facts(parts->encoder(), *bank)) {
        facts.emplace(parts->encoder(), *bank);
        grounding.emplace(GroundingParts{*facts, choices.rules});
      }
    }
    std::optional<RetrievalParts> retrieval;
    if (choices.sentences) retrieval.emplace(RetrievalParts{*choices.sentences, rules});
    const std::string& model = parts->model.entry.name;
    if (search) {
      const bool remembers = parts->options.many_images && parts->encoder().texts_are_independent();
      pipeline.emplace(parts->encoder(), *search, DescriptionNames{model, model}, grounding, retrieval,
                       remembers, reranker ? &*reranker : nullptr);
    } else {
      pipeline.emplace(parts->encoder(), *decoder, scorer.get(),
                       DescriptionNames{model, parts->language_model.entry.name}, grounding, retrieval,
                       parts->options.many_images && describes_together());
    }
  }

  /// The encoder's own decoder, where that is to write; null: the language model is.
  static DescriptionModel* writer_of(const EngineParts& parts, const DescribeOptions& options) {
    const std::string engine = options.search.engine.value_or("");
    if (engine != "coca" && parts.language_model.model) return nullptr;
    if (engine != "coca" && (engine == "lm" || parts.encoder().description_model() == nullptr))
      throw Error(ErrorKind::kUsage, "no language model", "", "name one when the engine is opened");
    if (!options.scorer.empty()) {
      throw Error(ErrorKind::kUsage, "for descriptions by a language model only", "--scorer",
                  "leave it out, or describe with --engine lm");
    }
    return &parts.description_model();
  }

  static GuidedOptions search_options(const EngineParts& parts, const DescribeOptions& options) {
    GuidedOptions search = guided_options(options.search, parts.language_model.entry.prompt,
                                          parts.language_model.model->vocab_size());
    search.scorer_weight = options.scorer_weight;
    return search;
  }

  static std::unique_ptr<ScorerProcess> start_scorer(const DescribeOptions& options) {
    if (options.scorer.empty()) return nullptr;
    ScorerOptions scorer;
    scorer.command = options.scorer;
    scorer.timeout = std::chrono::milliseconds(static_cast<int64_t>(1000 * options.scorer_timeout_s));
    return std::make_unique<ScorerProcess>(scorer);
  }

  PrepareOptions prepare_options() const {
    PrepareOptions prepare;
    if (reranker) prepare.also_for = reranker->spec();
    return prepare;
  }

  bool describes_together() const {
    if (search) return true;  // they are written one by one
    return parts->encoder().texts_are_independent() && parts->language_model.model->device() == "cpu";
  }

  std::vector<DescriptionRecord> describe(const std::vector<const EncodedImage*>& images,
                                          const SearchObserver& observer) const {
    if (!scorer) return pipeline->describe(images, observer);
    const std::lock_guard<std::mutex> lock(scorer_turn);
    return pipeline->describe(images, observer);
  }

  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer) const {
    return std::move(describe(std::vector<const EncodedImage*>{&image}, observer).front());
  }

  std::shared_ptr<EngineParts> parts;
  OutputRules rules;
  std::optional<GuidedDecoder> decoder;  ///< this one,
  std::optional<BeamSearch> search;      ///< or this
  std::shared_ptr<const LoadedModel> other_model;
  std::optional<Reranker> reranker;  ///< of what `search` finds
  std::unique_ptr<ScorerProcess> scorer;
  mutable std::mutex scorer_turn;
  DescribeOptions choices;
  std::shared_ptr<const LabelBank> bank;  // none without grounding
  std::optional<FactFinder> facts;
  std::optional<DescriptionPipeline> pipeline;
};

DescriptionRecord Describer::describe_file(const std::string& path, const SearchObserver& observer) const {
  return state_->describe(
      encoded_alone(*state_->parts, {path, std::nullopt, std::nullopt}, state_->prepare_options()), observer);
}

DescriptionRecord Describer::describe_bytes(std::string_view bytes, const std::string& name,
                                            const SearchObserver& observer) const {
  return state_->describe(
      encoded_alone(*state_->parts, {name, std::string(bytes), std::nullopt}, state_->prepare_options()),
      observer);
}

void Describer::describe_files(const std::vector<std::string>& paths,
                               const std::function<void(const DescriptionRecord&)>& use,
                               const SearchObserver& observer) const {
  const EncodeOptions encoding = state_->parts->encoding(state_->prepare_options());
  for_each_encoded_image(paths, state_->parts->encoder(), encoding,
                         [&](const EncodedImage& image) { use(state_->describe(image, observer)); });
}

std::string Describer::fingerprint() const {
  const EngineParts& parts = *state_->parts;
  Fingerprint fingerprint;
  fingerprint.add("description 1").add(parts.encoder().fingerprint()).add(parts.model.entry.name);
  const DecodeLimits& limits = parts.options.decoding;
  fingerprint.add(std::to_string(limits.max_pixels)).add(limits.exact ? "exact" : "reduced");
  fingerprint.add(limits.ignore_profile ? "no profile" : "").add(std::to_string(limits.page));
  if (state_->decoder)
    fingerprint.add(files_fingerprint(parts.language_model.entry)).add(parts.language_model.entry.name);
  if (state_->reranker)
    fingerprint.add(state_->other_model->encoder->fingerprint()).add(state_->reranker->name());
  add_options(fingerprint, state_->choices.search, search_options());
  add_options(fingerprint, state_->choices.rules, rule_options());
  fingerprint.add(state_->choices.scorer).add(std::to_string(state_->choices.scorer_weight));
  if (state_->bank) fingerprint.add(state_->bank->fingerprint());
  if (state_->choices.sentences) fingerprint.add(state_->choices.sentences->fingerprint());
  return fingerprint.hex().substr(0, 16);
}

DescriptionRecord Describer::describe(const EncodedImage& image, const SearchObserver& observer) const {
  return state_->describe(image, observer);
}

std::vector<DescriptionRecord> Describer::describe(const std::vector<const EncodedImage*>& images) const {
  return state_->describe(images, {});
}

PrepareOptions Describer::prepare_options() const {
  return state_->prepare_options();
}

bool Describer::describes_together() const {
  return state_->describes_together();
}

namespace {

std::shared_ptr<EngineParts> open_parts(const EngineOptions& options, Observer* observer) {
  auto parts = std::make_shared<EngineParts>(options, observer);
  if (!options.language_model.empty()) {
    parts->language_model =
        open_language_model(options.language_model, compute_options(options), parts->observer);
    std::unique_ptr<LanguageModel>& model = parts->language_model.model;
    const bool turns = takes_turns(options, model->device());  // arguments are evaluated in any order
    model = shared_language_model(std::move(model), turns);
  }
  parts->model = open_shared_model(options, options.model, parts->observer);
  return parts;
}

}  // namespace

static_assert(std::string_view("default") == kDefaultModel, "the default of EngineOptions::model");

Engine Engine::open(const EngineOptions& options, Observer& observer) {
  return Engine(open_parts(options, &observer));
}

Engine Engine::open(const EngineOptions& options) {
  return Engine(open_parts(options, nullptr));
}

Captioner Engine::captioner(const StatementChoices& choices, double patience_s) const {
  CaptionPipelineOptions options = caption_pipeline_options(choices, model_name());
  const RankRule rule = options.rank.rule;
  const EmbeddingLimits limits{patience_s, {"medium", "people"}};
  return Captioner(std::make_shared<const Captioner::State>(
      parts_, parts_->label_bank(choices.labels, rule, limits), std::move(options)));
}

Describer Engine::describer(const DescribeOptions& options) const {
  return Describer(std::make_shared<const Describer::State>(parts_, options));
}

int64_t Engine::embedding_dim() const {
  return parts_->encoder().embedding_dim();
}

Embeddings Engine::embed_image_file(const std::string& path) const {
  return embedding_of(*parts_, {path, std::nullopt, std::nullopt});
}

Embeddings Engine::embed_image_bytes(std::string_view bytes) const {
  return embedding_of(*parts_, {"-", std::string(bytes), std::nullopt});
}

Embeddings Engine::embed_texts(const std::vector<std::string>& texts) const {
  parts_->warn_of_cut_texts(texts);
  return parts_->encoder().encode_texts(texts);
}

const std::string& Engine::model_name() const {
  return parts_->model.entry.name;
}

}  // namespace kiloword
