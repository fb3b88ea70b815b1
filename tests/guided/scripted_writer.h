#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guided/scripted_model.h"
#include "kiloword/model/description_model.h"

namespace kiloword::testing {

/// Words end with a space, as CLIP's do.
class WordTokenizer : public PieceTokenizer {
 public:
  using PieceTokenizer::PieceTokenizer;
  std::vector<int32_t> encode(std::string_view text) const override {
    return PieceTokenizer::encode(std::string(text) + " ");
  }
};

/// Writes what a function says, whatever the image. Id 0 is the end, the last one the start.
class ScriptedWriter : public DescriptionModel {
 public:
  ScriptedWriter(std::vector<std::string> pieces, Script script)
      : tokenizer_(std::move(pieces)), script_(std::move(script)) {}

  const Tokenizer& tokenizer() const override { return tokenizer_; }
  int64_t vocab_size() const override { return tokenizer_.vocab_size(); }
  int32_t start_id() const override { return tokenizer_.vocab_size() - 1; }
  int32_t end_id() const override { return 0; }
  int64_t context_length() const override { return 32; }
  std::unique_ptr<DescriptionSession> start(const float*) override {
    return std::make_unique<Session>(script_);
  }

 private:
  class Session : public DescriptionSession {
   public:
    explicit Session(const Script& script) : script_(script) { say(); }
    const std::vector<float>& logits() const override { return logits_; }
    void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override {
      std::vector<std::vector<int32_t>> next;
      for (size_t i = 0; i < parents.size(); ++i) {
        next.push_back(rows_.at(static_cast<size_t>(parents[i])));
        next.back().push_back(ids[i]);
      }
      rows_ = std::move(next);
      say();
    }

   private:
    void say() {
      logits_.clear();
      for (const std::vector<int32_t>& row : rows_) {
        for (const double value : script_(row)) logits_.push_back(static_cast<float>(value));
      }
    }

    const Script& script_;
    std::vector<std::vector<int32_t>> rows_{{}};
    std::vector<float> logits_;
  };

  WordTokenizer tokenizer_;
  Script script_;
};

}  // namespace kiloword::testing
