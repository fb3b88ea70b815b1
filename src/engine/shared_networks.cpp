#include "engine/shared_networks.h"

#include <mutex>
#include <shared_mutex>
#include <utility>

namespace kiloword {
namespace {

using Turn = std::unique_lock<std::mutex>;

/// A turn where there are turns; else nothing is waited for.
Turn take_turn(std::mutex* turns) {
  return turns == nullptr ? Turn() : Turn(*turns);
}

/// Takes turns with the encoder's other texts.
class SharedGrowingTexts : public IncrementalTextEncoder {
 public:
  SharedGrowingTexts(std::unique_ptr<IncrementalTextEncoder> texts, std::mutex* turn,
                     std::shared_mutex& calls)
      : texts_(std::move(texts)), turn_(turn), calls_(calls) {}
  ~SharedGrowingTexts() override {
    const Turn turn = take_turn(turn_);
    texts_.reset();
  }

  Embeddings encode(const std::vector<std::string>& texts) override {
    const Turn turn = take_turn(turn_);
    const std::shared_lock<std::shared_mutex> call(calls_);
    return texts_->encode(texts);
  }

 private:
  std::unique_ptr<IncrementalTextEncoder> texts_;
  std::mutex* turn_;
  std::shared_mutex& calls_;
};

class SharedDescriptionSession : public DescriptionSession {
 public:
  SharedDescriptionSession(std::unique_ptr<DescriptionSession> session, std::mutex* turn,
                           std::shared_mutex& calls)
      : session_(std::move(session)), turn_(turn), calls_(calls) {}
  ~SharedDescriptionSession() override {
    const Turn turn = take_turn(turn_);
    session_.reset();
  }

  const std::vector<float>& logits() const override { return session_->logits(); }
  void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override {
    const Turn turn = take_turn(turn_);
    const std::shared_lock<std::shared_mutex> call(calls_);
    session_->extend(parents, ids);
  }

 private:
  std::unique_ptr<DescriptionSession> session_;
  std::mutex* turn_;
  std::shared_mutex& calls_;
};

/// Takes turns with the texts of its encoder, whose tower it uses.
class SharedDescriptionModel : public DescriptionModel {
 public:
  SharedDescriptionModel(DescriptionModel& model, std::mutex* turn, std::shared_mutex& calls)
      : model_(model), turn_(turn), calls_(calls) {}

  const Tokenizer& tokenizer() const override { return model_.tokenizer(); }
  int64_t vocab_size() const override { return model_.vocab_size(); }
  int32_t start_id() const override { return model_.start_id(); }
  int32_t end_id() const override { return model_.end_id(); }
  int64_t context_length() const override { return model_.context_length(); }
  std::unique_ptr<DescriptionSession> start(const float* image) override {
    const Turn turn = take_turn(turn_);
    const std::shared_lock<std::shared_mutex> call(calls_);
    return std::make_unique<SharedDescriptionSession>(model_.start(image), turn_, calls_);
  }

 private:
  DescriptionModel& model_;
  std::mutex* turn_;
  std::shared_mutex& calls_;
};

class SharedEncoder : public ImageTextEncoder {
 public:
  SharedEncoder(std::unique_ptr<ImageTextEncoder> encoder, bool in_turns)
      : encoder_(std::move(encoder)), turns_(in_turns ? &text_turn_ : nullptr) {}

  int64_t embedding_dim() const override { return encoder_->embedding_dim(); }
  const PreprocessSpec& preprocess() const override { return encoder_->preprocess(); }
  float logit_multiplier() const override { return encoder_->logit_multiplier(); }
  std::optional<float> logit_bias() const override { return encoder_->logit_bias(); }
  int context_length() const override { return encoder_->context_length(); }
  int count_tokens(const std::string& text) const override { return encoder_->count_tokens(text); }
  std::string device() const override { return encoder_->device(); }
  const std::vector<HeadWord>& words() const override { return encoder_->words(); }
  bool texts_are_independent() const override { return encoder_->texts_are_independent(); }

  const std::string& text_fingerprint() const override {
    const std::lock_guard<std::mutex> lock(text_turn_);
    return encoder_->text_fingerprint();
  }
  const std::string& fingerprint() const override {
    const std::lock_guard<std::mutex> lock(text_turn_);
    return encoder_->fingerprint();
  }

  void use_threads(int threads) override {
    const std::lock_guard<std::mutex> lock(text_turn_);
    const std::unique_lock<std::shared_mutex> no_call(calls_);
    encoder_->use_threads(threads);
  }

  DescriptionModel* description_model() override {
    const std::lock_guard<std::mutex> lock(text_turn_);
    const std::unique_lock<std::shared_mutex> no_call(calls_);
    DescriptionModel* model = encoder_->description_model();
    if (model != nullptr && !writer_)
      writer_ = std::make_unique<SharedDescriptionModel>(*model, turns_, calls_);
    return writer_.get();
  }

  Embeddings encode_images(const std::vector<float>& pixels, int64_t count) override {
    const std::shared_lock<std::shared_mutex> call(calls_);
    return encoder_->encode_images(pixels, count);
  }
  Embeddings encode_pictures(const std::vector<float>& pixels,
                             const std::vector<PictureSize>& sizes) override {
    const std::shared_lock<std::shared_mutex> call(calls_);
    return encoder_->encode_pictures(pixels, sizes);
  }
  Embeddings encode_texts(const std::vector<std::string>& texts) override {
    const Turn turn = take_turn(turns_);
    const std::shared_lock<std::shared_mutex> call(calls_);
    return encoder_->encode_texts(texts);
  }
  std::unique_ptr<IncrementalTextEncoder> growing_texts() override {
    const Turn turn = take_turn(turns_);
    return std::make_unique<SharedGrowingTexts>(encoder_->growing_texts(), turns_, calls_);
  }

 private:
  std::unique_ptr<ImageTextEncoder> encoder_;
  mutable std::mutex text_turn_;
  std::mutex* turns_;  ///< of texts; null: there are none
  std::shared_mutex calls_;
  std::unique_ptr<DescriptionModel> writer_;
};

class SharedSession : public LmSession {
 public:
  SharedSession(std::unique_ptr<LmSession> session, std::mutex* turn)
      : session_(std::move(session)), turn_(turn) {}
  ~SharedSession() override {
    const Turn turn = take_turn(turn_);
    session_.reset();
  }

  int64_t rows() const override { return session_->rows(); }
  int64_t length() const override { return session_->length(); }
  const std::vector<float>& hidden() const override {
    const Turn turn = take_turn(turn_);
    return session_->hidden();
  }
  const std::vector<float>& prompt_hidden() const override {
    const Turn turn = take_turn(turn_);
    return session_->prompt_hidden();
  }
  std::vector<float> logprobs(const std::vector<int64_t>& rows) const override {
    const Turn turn = take_turn(turn_);
    return session_->logprobs(rows);
  }
  void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override {
    const Turn turn = take_turn(turn_);
    session_->extend(parents, ids);
  }

 private:
  std::unique_ptr<LmSession> session_;
  std::mutex* turn_;
};

class SharedLanguageModel : public LanguageModel {
 public:
  SharedLanguageModel(std::unique_ptr<LanguageModel> model, bool in_turns)
      : model_(std::move(model)), turn_(in_turns ? &mutex_ : nullptr) {}

  const Tokenizer& tokenizer() const override { return model_->tokenizer(); }
  int64_t context_length() const override { return model_->context_length(); }
  int64_t vocab_size() const override { return model_->vocab_size(); }
  int64_t width() const override { return model_->width(); }
  int32_t end_id() const override { return model_->end_id(); }
  bool is_end(int32_t id) const override { return model_->is_end(id); }
  std::string device() const override { return model_->device(); }
  std::vector<int32_t> encode_prompt(const std::string& text) const override {
    return model_->encode_prompt(text);
  }
  ChatPrompt encode_chat(const std::string& message, const std::string& answer) const override {
    return model_->encode_chat(message, answer);
  }
  std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) override {
    const Turn turn = take_turn(turn_);
    return std::make_unique<SharedSession>(model_->start(ids), turn_);
  }

 private:
  std::unique_ptr<LanguageModel> model_;
  std::mutex mutex_;
  std::mutex* turn_;  ///< null: there are none
};

}  // namespace

std::unique_ptr<ImageTextEncoder> shared_encoder(std::unique_ptr<ImageTextEncoder> encoder, bool in_turns) {
  return std::make_unique<SharedEncoder>(std::move(encoder), in_turns);
}

std::unique_ptr<LanguageModel> shared_language_model(std::unique_ptr<LanguageModel> model, bool in_turns) {
  return std::make_unique<SharedLanguageModel>(std::move(model), in_turns);
}

}  // namespace kiloword
